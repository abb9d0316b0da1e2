// Other tabs of the same browser: it keeps six connections open, so of many tabs only those used last stay connected.

const FEW = 3;

const channel = "BroadcastChannel" in window ? new BroadcastChannel("couponchat") : null;
const me = String(Math.random());
const newer = new Set(); // tabs that were looked at after this one

export function start({ onRest, onWake, onUnread }) {
  channel?.addEventListener("message", ({ data }) => {
    if ("unread" in data) onUnread(data.unread);
    if (!("lookedAt" in data)) return;
    newer.add(data.lookedAt);
    if (newer.size > FEW) onRest();
  });
  const wake = () => (look(), onWake());
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  look();
}

export function tellUnread(unread) {
  channel?.postMessage({ unread });
}

function look() {
  newer.clear();
  channel?.postMessage({ lookedAt: me });
}
