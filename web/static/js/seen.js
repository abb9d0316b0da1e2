// Whether consumers see 👀 under what was read: switched where it stands, without leaving the page.

import { post } from "./post.js";

export function start() {
  document.getElementById("seen").addEventListener("submit", change);
}

async function change(event) {
  event.preventDefault();
  const form = event.target;
  const { shown } = form;
  const isShown = shown.value === "1";
  try {
    await post(form.action, { shown: shown.value });
  } catch {
    return; // it stands as it was
  }
  shown.value = isShown ? "0" : "1";
  form.querySelector("button").ariaChecked = String(isShown);
}
