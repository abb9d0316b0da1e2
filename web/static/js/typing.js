// That somebody writes is told while they do, now and then, and never waited for.

import { post } from "./post.js";

const PAUSE = 4_000; // milliseconds: it is seen for five

let toldAt = 0;

export function tell(url, text) {
  if (!url || !text.trim() || document.visibilityState === "hidden" || Date.now() - toldAt < PAUSE) return;
  toldAt = Date.now();
  post(url, {}).catch(() => {}); // who is away can't be waited for
}
