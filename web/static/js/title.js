// The tab's title and the total at the top of the list: how many chats wait.

let name = "";
let unread = 0;

export function start(count) {
  unread = count;
  setName(document.title);
}

export function setName(title) {
  name = title.replace(/^\(\d+\) /, "");
  show();
}

export function setUnread(count) {
  unread = count;
  show();
}

function show() {
  document.title = unread ? `(${unread}) ${name}` : name;
  const total = document.getElementById("total");
  total.hidden = !unread;
  total.querySelector("b").textContent = unread;
}
