// The query page is drawn from JSON; all text goes through textContent.
(function () {
  function make(tag, cls, text) {
    var node = document.createElement(tag);
    if (cls) node.className = cls;
    if (text !== undefined) node.textContent = text;
    return node;
  }
  function post(url, fields) {
    return fetch(url, { method: 'POST', body: new URLSearchParams(fields) }).then(function (r) { return r.json(); });
  }
  function row(label, cls, text) {
    var line = make('p', 'order-row');
    line.append(make('label', '', label), make('span', cls, text));
    return line;
  }
  function show(section, order, password) {
    post('/user/api/index/secret', { tradeNo: order.trade_no, password: password }).then(function (answer) {
      var old = section.querySelector('.card-display');
      if (old) old.remove();
      if (answer.code !== 200) {
        section.querySelector('.card-error').textContent = answer.msg;
        return;
      }
      section.querySelector('.card-error').textContent = '';
      section.append(make('pre', 'card-display', answer.data.secret));
    });
  }
  function item(order) {
    var box = make('div', 'panel order-item');
    var head = make('p', 'order-head');
    head.append(make('span', '', '订单号：'), make('b', 'order-no-text', order.trade_no),
      make('span', 'status-badge status-' + (order.status === 1 ? 'paid' : 'pending'), order.status === 1 ? '已支付' : '未支付'));
    box.append(head, row('宝贝名称', 'goods-name', order.commodity.name));
    var sku = make('p', 'goods-sku');
    sku.append(make('span', 'tag', '商品类型: ' + order.race));
    Object.keys(order.sku).forEach(function (key) { sku.append(make('span', 'tag', key + ': ' + order.sku[key])); });
    sku.append(make('span', 'tag', '数量: ' + order.card_num));
    box.append(sku, row('下单时间', 'order-time-text', order.create_time), row('付款时间', 'payment-time-text', order.pay_time || '-'),
      row('支付方式', 'payment-name', order.pay.name), row('订单金额', 'amount-number', order.amount));
    var ship = make('p', 'order-row');
    ship.append(make('label', '', '发货状态'), make('span', 'shipment-badge ' + (order.delivery_status === 1 ? 'shipment-paid' : 'shipment-waiting'),
      order.delivery_status === 1 ? '已发货' : '未发货'));
    box.append(ship);
    if (order.leave_message) box.append(row('使用说明', 'leave-message', order.leave_message));
    if (order.status === 1) {
      var section = make('div', 'card-password-section');
      var input = make('input', 'card-password-input');
      input.placeholder = '请输入查询密码';
      input.hidden = !order.password;
      var button = make('button', 'btn btn-primary view-card-btn', '查看卡密');
      button.type = 'button';
      button.dataset.no = order.trade_no;
      button.addEventListener('click', function () { show(section, order, input.value); });
      section.append(input, button, make('span', 'card-error', ''));
      box.append(section);
    }
    return box;
  }
  var query = document.querySelector('.order-query-form');
  if (query) {
    var list = document.querySelector('.order-list');
    var ask = function () {
      var words = query.elements.keywords.value.trim();
      if (!words) return;
      post('/user/api/index/query', { keywords: words, page: 1, limit: 10 }).then(function (answer) {
        list.textContent = '';
        if (answer.code !== 200 || !answer.data.list.length) {
          list.append(make('div', 'panel muted msg', answer.code === 200 ? '未查询到相关订单' : answer.msg));
          return;
        }
        answer.data.list.forEach(function (order) { list.append(item(order)); });
      });
    };
    query.addEventListener('submit', function (event) { event.preventDefault(); ask(); });
    ask();
  }
  var trade = document.querySelector('.trade-form');
  if (trade) trade.addEventListener('submit', function (event) {
    event.preventDefault();
    post('/user/api/order/trade', new FormData(trade)).then(function (answer) {
      if (answer.code === 200) location.href = answer.data.url;
      else document.querySelector('.trade-message').textContent = answer.msg;
    });
  });
  function read(file) {
    return new Promise(function (done, fail) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.onerror = fail;
      reader.readAsDataURL(file);
    });
  }
  var ticket = document.querySelector('.ticket-form');
  if (ticket) ticket.addEventListener('submit', function (event) {
    event.preventDefault();
    Promise.all(Array.from(ticket.elements.images.files).map(read)).then(function (images) {
      var e = ticket.elements;
      var body = { type: Number(e.type.value), trade_no: e.trade_no.value, title: e.title.value, content: e.content.value, images: images };
      return fetch('/user/api/ticket/create', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    }).then(function (r) { return r.json(); }).then(function (answer) {
      if (answer.code === 200) location.href = answer.data.url;
      else document.querySelector('.ticket-message').textContent = answer.msg;
    });
  });
})();
