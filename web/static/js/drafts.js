// What is half written survives a look into another chat.

const key = (chat) => `draft:${chat}`;

export function keep(chat, text) {
  try {
    if (text) sessionStorage.setItem(key(chat), text);
    else sessionStorage.removeItem(key(chat));
  } catch {
    // full or forbidden: then it doesn't survive
  }
}

export function kept(chat) {
  try {
    return sessionStorage.getItem(key(chat)) ?? "";
  } catch {
    return "";
  }
}
