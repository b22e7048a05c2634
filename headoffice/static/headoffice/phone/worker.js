// Keeps the page on the phone, so that the card works without a network.
"use strict";

const KEPT = "card-1";
const PAGE = "/m/";
const PARTS = [
  "phone/phone.css", "phone/phone.js", "phone/bytes.js", "phone/qrcode.js", "phone/icon.svg", "phone/manifest.json",
  "vazirmatn.css", "fonts/Vazirmatn.woff2",
].map((name) => `/static/headoffice/${name}`);

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([PAGE, ...PARTS])));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The network first, so that a new page is seen; what it gave last otherwise. A link's token is never kept.
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const page = event.request.mode === "navigate";
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const answer = await fetch(event.request);
      if (answer.ok) await cache.put(page ? PAGE : event.request, answer.clone());
      return answer;
    } catch (fault) {
      const kept = await cache.match(page ? PAGE : event.request);
      if (kept) return kept;
      throw fault;
    }
  })());
});
