self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener('fetch', function (event) {
  if (new URL(event.request.url).pathname.endsWith('/from-worker.txt'))
    event.respondWith(new Response('made by the service worker'));
});
