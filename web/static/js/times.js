// Times in the reader's own zone, and kept fresh: web/formatting.py says them the same way, in UTC.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const shortDate = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });

export function start() {
  refresh(document);
  setInterval(() => refresh(document), 30_000);
}

export function refresh(root) {
  for (const time of root.querySelectorAll("time[data-clock], time[data-relative]")) {
    const moment = new Date(time.dateTime);
    time.title = `${date.format(moment)}, ${clock.format(moment)}`;
    write(time, "clock" in time.dataset ? clock.format(moment) : relative(moment, new Date()));
  }
  for (const time of root.querySelectorAll("time[data-until]")) {
    const moment = new Date(time.dateTime);
    write(time, `until ${date.format(moment)}, ${clock.format(moment)}`);
  }
}

export function now() {
  return clock.format(new Date());
}

export function day(moment) {
  const days = daysBetween(moment, new Date());
  return ["Today", "Yesterday"][days] ?? date.format(moment);
}

function relative(moment, present) {
  const age = present - moment;
  const days = daysBetween(moment, present);
  if (age < MINUTE) return "now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (days <= 0) return `${Math.floor(age / HOUR)} h`;
  if (days === 1) return "Yesterday";
  if (days < 7) return weekday.format(moment);
  const isThisYear = moment.getFullYear() === present.getFullYear();
  return shortDate.format(moment) + (isThisYear ? "" : ` ${moment.getFullYear()}`);
}

function daysBetween(earlier, later) {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
