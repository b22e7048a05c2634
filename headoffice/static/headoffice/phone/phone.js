// The phone as a card: its key is drawn here, cannot be taken out, and makes a new code every 20 seconds.
"use strict";

const EVERY_S = 20;
const RENEW_AFTER_S = 10 * 86400;
const FINAL = ["BLOCKED", "UNKNOWN"];
const SINCE_2000_S = 946684800;
const QUIET = 4;
const SCALE = 8;

// ---- what this phone keeps -------------------------------------------------

const kept = {
  base: null,

  async open() {
    kept.base = await new Promise((done, failed) => {
      const asked = indexedDB.open("membership-card", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("card");
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  },

  ask(mode, use) {
    return new Promise((done, failed) => {
      const deal = kept.base.transaction("card", mode);
      const asked = use(deal.objectStore("card"));
      deal.oncomplete = () => done(asked.result);
      deal.onerror = () => failed(deal.error);
    });
  },

  read: (what) => kept.ask("readonly", (store) => store.get(what)),
  write: (what, value) => kept.ask("readwrite", (store) => store.put(value, what)),
};

// ---- what is said ----------------------------------------------------------

const pass = document.getElementById("pass");
const news = document.getElementById("news");

function say(what) {
  for (const each of news.children) each.hidden = each.dataset.news !== what;
  news.hidden = what === "";
}

function showUntil(card) {
  const line = document.getElementById("until");
  const date = new Intl.DateTimeFormat(document.documentElement.lang === "fa" ? "fa-IR" : "en-GB", { dateStyle: "long" });
  line.textContent = line.dataset.words.replace("{date}", date.format(new Date(card.until + "T12:00:00")));
}

// ---- head office -----------------------------------------------------------

class Refused extends Error {}

async function post(address, body, card) {
  const answer = await fetch(address, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    credentials: "omit", referrerPolicy: "no-referrer",
  });
  const told = answer.headers.get("Server-Time-Us");
  if (told) card.ahead_s = Math.round(Number(told) / 1e6 - Date.now() / 1000);
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.code);
  return said;
}

const now_s = (card) => Math.floor(Date.now() / 1000) + card.ahead_s;

async function register(token) {
  // Kept before it is named: if the answer is lost, the same key asks again.
  const pair = await kept.read("asking") || await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  await kept.write("asking", pair);
  const card = { pair, grant: null, until: "", ahead_s: 0, granted_s: 0 };
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const said = await post("/m/register", { token, key: Bytes.toBase64(key) }, card);
  await take(card, said);
  await kept.write("asking", null);
  return card;
}

async function renew(card) {
  const at_s = now_s(card);
  const text = Bytes.join(Bytes.label("card-station pass renewal 1"), Bytes.number(at_s, 8), card.grant);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", card.pair.privateKey, text));
  const said = await post("/m/renew", {
    grant: Bytes.toBase64(card.grant), at_s, signature: Bytes.toBase64(signature) }, card);
  return take(card, said);
}

async function take(card, said) {
  Object.assign(card, { grant: Bytes.fromBase64(said.grant), until: said.until, granted_s: now_s(card) });
  await kept.write("card", card);
  return card;
}

// ---- the code --------------------------------------------------------------

async function codeOf(card) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", card.grant));
  const moment = Bytes.number(now_s(card) - SINCE_2000_S, 4);
  const text = Bytes.join(Bytes.label("card-station pass code 1"), digest, moment);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", card.pair.privateKey, text));
  return "CS1P" + Bytes.base32(Bytes.join(card.grant, moment, signature));
}

function draw(code) {
  const made = qrcode(0, "L");
  made.addData(code, "Alphanumeric");
  made.make();
  const modules = made.getModuleCount();
  const canvas = document.getElementById("code");
  canvas.width = canvas.height = (modules + 2 * QUIET) * SCALE;
  const ink = canvas.getContext("2d");
  ink.fillStyle = "#fff";
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.fillStyle = "#000";
  for (let row = 0; row < modules; row++)
    for (let column = 0; column < modules; column++)
      if (made.isDark(row, column)) ink.fillRect((column + QUIET) * SCALE, (row + QUIET) * SCALE, SCALE, SCALE);
}

async function show(card) {
  const today = new Date(now_s(card) * 1000).toISOString().slice(0, 10);
  if (today > card.until) {
    pass.hidden = true;
    say("expired");
    return;
  }
  draw(await codeOf(card));
  const left = document.getElementById("left");
  left.getAnimations().forEach((each) => each.cancel());
  left.animate([{ width: "100%" }, { width: "0" }], { duration: EVERY_S * 1000 });
  showUntil(card);
  pass.hidden = false;
  say("");
}

async function keepShowing(card) {
  await show(card);
  setInterval(() => show(card), EVERY_S * 1000);
  document.addEventListener("visibilitychange", () => document.hidden || show(card));
}

// ---- from the beginning ----------------------------------------------------

async function begin() {
  try {
    if (!crypto.subtle || !window.indexedDB) throw new TypeError("no keys here");
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  } catch {
    say("old");
    return;
  }
  if (navigator.serviceWorker) navigator.serviceWorker.register("/m/worker.js", { scope: "/m/" }).catch(() => {});
  await kept.open();
  const token = location.hash.slice(1);
  let card = await kept.read("card");
  let trouble = "none";
  try {
    if (token) {
      card = await register(token);
      history.replaceState(null, "", "/m/");
    } else if (card && now_s(card) - card.granted_s > RENEW_AFTER_S) {
      card = await renew(card);
    }
  } catch (fault) {
    trouble = fault instanceof Refused ? fault.message : "offline";
    // The card this phone has stays one, unless the club says otherwise of that very card.
    if (!token && FINAL.includes(trouble)) card = null;
  }
  if (card) await keepShowing(card);
  else say(document.querySelector(`[data-news="${trouble}"]`) ? trouble : "failed");
}

begin().catch(() => say("failed"));
