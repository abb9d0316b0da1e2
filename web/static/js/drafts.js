// What is half written survives a look into another chat: { text, formatting, about }.

const NOTHING = { text: "", formatting: [], about: null };

const key = (chat) => `draft:${chat}`;

export function keep(chat, draft) {
  try {
    if (draft.text || draft.about) sessionStorage.setItem(key(chat), JSON.stringify(draft));
    else sessionStorage.removeItem(key(chat));
  } catch {
    // full or forbidden: then it doesn't survive
  }
}

export function kept(chat) {
  try {
    return { ...NOTHING, ...JSON.parse(sessionStorage.getItem(key(chat)) ?? "{}") };
  } catch {
    return { ...NOTHING };
  }
}
