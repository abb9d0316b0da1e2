// Everything that the page asks of the server.

export class Refused extends Error {}

export const shop = () => ask("GET", "/phone/shop");
export const arrive = (person) => ask("POST", "/phone/people", person);

/** The deeds of one person's phone. */
export function phoneOf(id) {
  const post = (path, body = {}) => ask("POST", `/phone/people/${id}/${path}`, body);
  return {
    rename: (name) => post("name", { name }),
    start: (parameter) => post("start", { parameter }),
    say: (text, replyTo) => post("messages", { text, reply_to: replyTo ?? null }),
    edit: (messageId, text) => post(`messages/${messageId}/text`, { text }),
    tap: (messageId, data) => post(`messages/${messageId}/taps`, { data }),
    attach: (kind) => post("attachments", { kind }),
    block: (blocked) => post("block", { blocked }),
    events: () => new EventSource(`/phone/people/${id}/events`),
  };
}

async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) throw new Refused(await response.text());
  return response.json();
}
