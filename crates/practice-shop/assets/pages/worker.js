onmessage = function (event) { postMessage('worker: ' + event.data); };
fetch('/_pages/number/7').then(function (r) { return r.text(); }).then(function (text) { postMessage('fetched ' + text); });
