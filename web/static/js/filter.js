// Choosing a coupon shows its chats at once.

export function start() {
  const form = document.getElementById("filter");
  form.querySelector("select")?.addEventListener("change", () => form.requestSubmit());
}
