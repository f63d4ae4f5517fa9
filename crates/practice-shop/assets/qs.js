// The complaint form and its countdown.
(function () {
  var form = document.querySelector('.complaint-form');
  if (form) form.addEventListener('submit', function (event) {
    event.preventDefault();
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
      .then(function (r) { return r.json(); })
      .then(function (answer) {
        document.querySelector('.complaint-message').textContent = answer.msg;
        if (answer.code === 1) setTimeout(function () { location.href = answer.data.url; }, 1500);
      });
  });
  var clock = document.querySelector('.countdown');
  if (clock) {
    var left = Number(clock.dataset.left);
    var tick = function () {
      var pad = function (n) { return String(n).padStart(2, '0'); };
      clock.querySelector('b').textContent =
        pad(Math.floor(left / 3600)) + ':' + pad(Math.floor(left / 60) % 60) + ':' + pad(left % 60);
      if (left > 0) left -= 1;
    };
    tick();
    setInterval(tick, 1000);
  }
})();
