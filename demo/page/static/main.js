// Starts the page: one stream of events in, phones, clock and hints out.
import { Clock } from "./clock.js";
import { h } from "./dom.js";
import { Phone } from "./phone.js";

const place = document.getElementById("phones");
const nav = document.getElementById("switch");
const intro = document.getElementById("intro");
const offline = document.getElementById("offline");
const clock = new Clock(document);
const phones = new Map();
const narrow = matchMedia("(max-width: 759px)");
let current = null;

// Open at first; once somebody has closed it, it stays closed.
const remembered = () => { try { return localStorage.getItem("intro"); } catch { return null; } };
intro.open = !narrow.matches && remembered() !== "closed";
intro.addEventListener("toggle", () => {
  if (narrow.matches) return;
  try { localStorage.setItem("intro", intro.open ? "open" : "closed"); } catch { /* then it is not remembered */ }
});

// --- which phone is in view

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const phone = phones.get(Number(entry.target.dataset.user));
    if (!phone) continue;
    phone.visible = entry.intersectionRatio > 0.5;
    if (phone.visible && !document.hidden) phone.seen();
    if (phone.visible && entry.boundingClientRect.height && phone.wasHidden) phone.toBottom();
    phone.wasHidden = !entry.boundingClientRect.height;
  }
}, { threshold: [0, 0.51, 1] });

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const phone of phones.values()) if (phone.visible) phone.seen();
});

function turnTo(id, { focus = false } = {}) {
  current = id;
  for (const phone of phones.values()) phone.element.classList.toggle("current", phone.id === id);
  for (const button of nav.children) button.setAttribute("aria-current", String(Number(button.dataset.user) === id));
  const phone = phones.get(id);
  phone.element.scrollIntoView({ block: "nearest", inline: "center", behavior: "smooth" });
  phone.seen();
  if (focus) phone.entry.focus({ preventScroll: true });
}

function badge(phone) {
  const button = nav.querySelector(`[data-user="${phone.id}"]`);
  const count = button.querySelector(".badge");
  count.textContent = phone.unread || "";
  button.querySelector(".badge-text").textContent = phone.unread ? `, ${phone.unread} ungelesen` : "";
  const sum = [...phones.values()].reduce((all, one) => all + one.unread, 0);
  document.title = `${sum ? `(${sum}) ` : ""}ReKo-Assistent · Vorführung`;
}

function tab(phone) {
  const [first] = phone.role.split(" · ");
  return h("button.tab", { type: "button", "data-user": phone.id, onclick: () => turnTo(phone.id) },
    h("span.tab-role", {}, first), h("span.tab-name", {}, phone.name.split(" ").at(-1)), h("span.badge", { "aria-hidden": "true" }), h("span.badge-text.visually-hidden", {}));
}

// --- hints

function hint({ title, text, user_id: id, fill }) {
  const go = () => {
    turnTo(id, { focus: true });
    if (fill) phones.get(id).fill(fill);
    if (narrow.matches) intro.open = false;
  };
  return h("li", {}, h("button.hint-go", { type: "button", onclick: go }, title), h("p", {}, text));
}

// --- the stream

function build(state) {
  const drafts = new Map([...phones].map(([id, phone]) => [id, phone.entry.value]));
  watcher.disconnect();
  phones.clear();
  clock.set(state.clock);
  for (const data of state.phones) phones.set(data.user_id, new Phone(data, state.bot, clock, badge));
  place.replaceChildren(...[...phones.values()].map((phone) => phone.element));
  nav.replaceChildren(...[...phones.values()].map(tab));
  document.getElementById("hints").replaceChildren(...state.hints.map(hint));
  for (const phone of phones.values()) {
    watcher.observe(phone.element);
    phone.entry.value = drafts.get(phone.id) ?? "";
    phone.toBottom();
  }
  const first = phones.has(current) ? current : state.phones[0]?.user_id;
  if (first !== undefined) {
    current = first;
    for (const phone of phones.values()) phone.element.classList.toggle("current", phone.id === first);
    for (const button of nav.children) button.setAttribute("aria-current", String(Number(button.dataset.user) === first));
  }
  document.body.dataset.ready = "";
}

const stream = new EventSource("/phones/events");
const on = (name, handle) => stream.addEventListener(name, (event) => handle(JSON.parse(event.data)));
const at = (name, handle) => on(name, (data) => { const phone = phones.get(data.user_id); if (phone) handle(phone, data); });

stream.addEventListener("open", () => { offline.hidden = true; });
stream.addEventListener("error", () => { offline.hidden = false; });
on("state", build);
on("clock", (data) => clock.set(data));
at("message", (phone, data) => phone.arrive(data.message));
at("edited", (phone, data) => phone.arrive(data.message));
at("deleted", (phone, data) => phone.remove(data.message_id));
at("answer", (phone, data) => phone.answer(data));
at("action", (phone) => phone.setTyping(true));
at("phone", (phone, data) => phone.extras(data));
