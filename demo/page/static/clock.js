// The clock above the phones: it runs by itself between the server's words.
import { post } from "./dom.js";

const SHORT = { weekday: "short", day: "numeric", month: "short" };
const narrow = matchMedia("(max-width: 759px)");
const HOURS = { 1: "eine Stunde", 24: "einen Tag", 168: "eine Woche" };

export class Clock {
  constructor(root) {
    this.timeElement = root.querySelector("#time");
    this.dateElement = root.querySelector("#date");
    this.progress = root.querySelector("#progress");
    this.said = root.querySelector("#clock-said");
    this.buttons = [...root.querySelectorAll(".move")];
    this.ahead = 0;
    this.zone = "Europe/Berlin";
    for (const button of this.buttons) button.addEventListener("click", () => this.move(Number(button.dataset.hours)));
    setInterval(() => this.show(), 1000);
  }

  /** Now, as the demo counts. */
  now() {
    return new Date(Date.now() + this.ahead);
  }

  format(date, options) {
    return new Intl.DateTimeFormat("de-DE", { timeZone: this.zone, ...options }).format(date);
  }

  time(date) {
    return this.format(date, { hour: "2-digit", minute: "2-digit" });
  }

  day(date) {
    return this.format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  }

  set(clock) {
    this.ahead = new Date(clock.now).getTime() - Date.now();
    this.zone = clock.zone;
    this.progress.hidden = !clock.moving;
    this.progress.value = clock.progress;
    for (const button of this.buttons) button.disabled = clock.moving;
    this.show();
  }

  show() {
    const now = this.now();
    this.timeElement.textContent = this.time(now);
    this.timeElement.dateTime = now.toISOString();
    this.dateElement.textContent = narrow.matches ? this.format(now, SHORT) : this.day(now);
  }

  async move(hours) {
    const button = document.activeElement;
    this.said.textContent = `Die Uhr wird um ${HOURS[hours]} vorgestellt.`;
    const moved = await post("/phones/clock", { hours });
    if (moved) this.said.textContent = `Jetzt ist ${this.day(this.now())}, ${this.time(this.now())} Uhr.`;
    if (document.activeElement === document.body) button?.focus();
  }
}
