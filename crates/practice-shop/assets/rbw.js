// The order modal; and the guard against copying that such templates carry.
(function () {
  function post(act, fields) {
    return fetch('/ajax.php?act=' + act, { method: 'POST', body: new URLSearchParams(fields) }).then(function (r) { return r.json(); });
  }
  document.addEventListener('contextmenu', function (event) { event.preventDefault(); });
  document.addEventListener('selectstart', function (event) { event.preventDefault(); });
  document.addEventListener('keydown', function (event) {
    if (event.key === 'F12' || (event.ctrlKey && (event.key === 'u' || event.key === 's'))) event.preventDefault();
  });
  function line(body, label, node) {
    var row = body.insertRow();
    var head = row.insertCell();
    head.className = 'warning';
    head.textContent = label;
    row.insertCell().append(node);
  }
  function span(text, id) {
    var node = document.createElement('span');
    node.textContent = text;
    if (id) node.id = id;
    return node;
  }
  function fill(order) {
    var body = document.querySelector('#orderItem tbody');
    body.textContent = '';
    line(body, '商品名称', span(order.name));
    line(body, '订单编号', span(order.id, 'orderid'));
    line(body, '订单金额', span(order.money + '元'));
    line(body, '订单状态', span(order.status_text, 'orderstatus'));
    line(body, '下单时间', span(order.date));
    var inputs = document.createElement('div');
    inputs.innerHTML = order.inputs;
    line(body, '下单信息', inputs);
    var acts = document.createElement('div');
    var desk = document.createElement('a');
    desk.className = 'btn';
    desk.textContent = '售后反馈';
    desk.href = '/user/workorder.php?my=add&orderid=' + order.id;
    acts.append(desk);
    if (order.selfrefund === 1) {
      var refund = document.createElement('button');
      refund.className = 'btn';
      refund.textContent = '申请退款';
      refund.onclick = function () { post('refund', { id: order.id, skey: order.skey }).then(function (a) { refund.textContent = a.msg; }); };
      acts.append(refund);
    }
    line(body, '订单操作', acts);
    line(body, '商品简介', span(order.desc + ' 质保：' + order.warranty));
    document.querySelector('#showOrder').hidden = false;
  }
  document.querySelectorAll('.xiangqing').forEach(function (button) {
    button.addEventListener('click', function () {
      post('order', { id: button.dataset.id, skey: button.dataset.skey }).then(function (a) { if (a.code === 0) fill(a); });
    });
  });
  var close = document.querySelector('#showOrder .close');
  if (close) close.addEventListener('click', function () { document.querySelector('#showOrder').hidden = true; });
  var buy = document.querySelector('.rbw-buy');
  if (buy) buy.addEventListener('submit', function (event) {
    event.preventDefault();
    post('pay', new FormData(buy)).then(function (a) {
      if (a.code === 0) location.href = a.url;
      else document.querySelector('.rbw-message').textContent = a.msg;
    });
  });
})();
