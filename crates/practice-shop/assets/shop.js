// Copying, uncovering, and waiting for the payment.
(function () {
  document.querySelectorAll('[data-clipboard-text],[data-clipboard-target]').forEach(function (button) {
    button.addEventListener('click', function () {
      var target = button.getAttribute('data-clipboard-target');
      var text = target ? document.querySelector(target).textContent : button.getAttribute('data-clipboard-text');
      if (navigator.clipboard) navigator.clipboard.writeText(text).catch(function () {});
      button.textContent = '已复制';
    });
  });
  document.querySelectorAll('[data-toggle]').forEach(function (button) {
    button.addEventListener('click', function () {
      var box = document.querySelector(button.getAttribute('data-toggle'));
      box.hidden = !box.hidden;
      button.textContent = box.hidden ? '查看卡密' : '收起卡密';
    });
  });
  var cashier = document.querySelector('.cashier');
  if (cashier) {
    setInterval(function () {
      fetch(cashier.dataset.check).then(function (r) { return r.json(); }).then(function (state) {
        if (state.code === 200) location.href = cashier.dataset.then;
      }).catch(function () {});
    }, 1500);
  }
})();
