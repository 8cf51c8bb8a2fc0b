// Instants and amounts in words, in the agent's own time zone.

import { fill, texts } from "./texts.js";

const LANGUAGE = document.documentElement.lang;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const clockTime = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const shortDay = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const shortDayOfYear = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long", day: "numeric", month: "long" });
const longDayOfYear = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** "09:41". */
export function timeOfDay(iso) {
  return clockTime.format(new Date(iso));
}

/** How long ago, in words: "3 min", "1 h 20 min", then whole days. */
export function since(iso) {
  const passed = Math.max(0, Date.now() - new Date(iso));
  const minutes = Math.floor(passed / MINUTE);
  if (minutes < 1) return texts.time.now;
  if (minutes < 60) return fill(texts.time.minutes, { n: minutes });
  if (passed < DAY) return fill(texts.time.hours, { h: Math.floor(minutes / 60), m: minutes % 60 });
  const days = Math.floor(passed / DAY);
  return days === 1 ? texts.time.days_one : fill(texts.time.days, { n: days });
}

/** How much a wait presses; the words beside it say how long it is. */
export function urgency(iso) {
  const minutes = (Date.now() - new Date(iso)) / MINUTE;
  if (minutes >= 15) return "alarm";
  return minutes >= 5 ? "caution" : "plain";
}

/** A key that is equal for instants of one day. */
export function dayKey(iso) {
  const day = new Date(iso);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}

/** "Hoy", "Ayer", "lunes, 22 de noviembre". */
export function dayName(iso) {
  const now = new Date();
  if (dayKey(iso) === dayKey(now)) return texts.time.today;
  if (dayKey(iso) === dayKey(new Date(now - DAY))) return texts.time.yesterday;
  const day = new Date(iso);
  return (day.getFullYear() === now.getFullYear() ? longDay : longDayOfYear).format(day);
}

/** "22 nov", with the year when it is another. */
export function date(iso) {
  const day = new Date(iso);
  return (day.getFullYear() === new Date().getFullYear() ? shortDay : shortDayOfYear).format(day);
}

/** "09:41" today, "22 nov, 09:41" before. */
export function moment(iso) {
  return dayKey(iso) === dayKey(new Date()) ? timeOfDay(iso) : `${date(iso)}, ${timeOfDay(iso)}`;
}

/** "59,90 €". */
export function money({ amount, currency }) {
  return new Intl.NumberFormat("es-ES", { style: "currency", currency }).format(Number(amount));
}
