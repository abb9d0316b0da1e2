// To which other coupon a message belongs, and that this can be taken back.

import { why } from "./composer.js";
import * as history from "./history.js";
import * as notice from "./notice.js";
import { post } from "./post.js";

export function start() {
  document.addEventListener("submit", move);
  document.addEventListener("click", close);
}

// Asks where it belongs.
export function choose(message) {
  const dialog = document.getElementById("moving");
  dialog.querySelector("form").message_id.value = message.dataset.id;
  dialog.querySelector(".moving-gist").textContent = history.gist(message);
  tell(dialog, "");
  dialog.showModal();
}

async function move(event) {
  const dialog = dialogOf(event.target);
  if (!dialog) return;
  event.preventDefault();
  const fields = new FormData(event.target);
  const title = event.target.querySelector(":checked").labels[0].textContent.trim();
  try {
    const { to, url, undoing } = await post(event.target.action, fields);
    dialog.close();
    notice.show(to, url, `Moved to ${title}.`, () => post(undoing, {}).catch(() => {}));
  } catch (error) {
    tell(dialog, why(error));
  }
}

function close(event) {
  const dialog = dialogOf(event.target);
  if (!dialog || (event.target !== dialog && !event.target.closest(".close"))) return;
  event.preventDefault();
  dialog.close();
}

function dialogOf(element) {
  return element.closest("#moving");
}

function tell(dialog, sentence) {
  const place = dialog.querySelector(".refusal");
  place.textContent = sentence;
  place.hidden = !sentence;
}
