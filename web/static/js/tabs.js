// Other tabs of the same browser: it keeps few connections open, so of many tabs the old ones in the background rest.

const FEW = 3;

const channel = "BroadcastChannel" in window ? new BroadcastChannel("couponchat") : null;
const me = String(Math.random());
const newer = new Set(); // tabs that were looked at after this one

export function start({ onRest, onUnread }) {
  channel?.addEventListener("message", ({ data }) => {
    if ("unread" in data) onUnread(data.unread);
    if (!("lookedAt" in data)) return;
    newer.add(data.lookedAt);
    if (document.visibilityState === "hidden" && newer.size > FEW) onRest();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  look();
}

export function tellUnread(unread) {
  channel?.postMessage({ unread });
}

function look() {
  newer.clear();
  channel?.postMessage({ lookedAt: me });
}
