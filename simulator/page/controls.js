// The corner of the shop in which one plays Telegram itself.

import { changeTelegram, telegram } from "./api.js";
import { byId } from "./dom.js";

/** Let the corner switch topics and plan faults. */
export async function drawControls() {
  const corner = byId("telegram");
  byId("has-topics").addEventListener("change", (event) => change({ has_topics: event.target.checked }));
  for (const button of corner.querySelectorAll("[data-fault]")) {
    button.addEventListener("click", () => change({ fault: button.dataset.fault }));
  }
  corner.addEventListener("toggle", async () => corner.open && show(await telegram()));
  show(await telegram());
}

async function change(changes) {
  show(await changeTelegram(changes));
}

function show({ has_topics: hasTopics, faults }) {
  byId("has-topics").checked = hasTopics;
  byId("faults").textContent = faults ? `${faults} planned` : "All goes well.";
  byId("faults-none").disabled = !faults;
}
