// Everything that the page asks of the server.

export class Refused extends Error {}

export const shop = () => ask("GET", "/phone/shop");
export const arrive = (person) => ask("POST", "/phone/people", person);
export const telegram = () => ask("GET", "/phone/telegram");
export const changeTelegram = (changes) => ask("POST", "/phone/telegram", changes);

/** The deeds of one person's phone. */
export function phoneOf(id) {
  const post = (path, body = {}) => ask("POST", `/phone/people/${id}/${path}`, body);
  return {
    rename: (name) => post("name", { name }),
    start: (parameter) => post("start", { parameter }),
    say: (message) => post("messages", message),
    edit: (messageId, words) => post(`messages/${messageId}/text`, words),
    turnInto: (messageId, kind) => post(`messages/${messageId}/attachment`, { kind }),
    tap: (messageId, data) => post(`messages/${messageId}/taps`, { data }),
    react: (messageId, emoji) => post(`messages/${messageId}/reaction`, { emoji }),
    remove: (messageId) => post(`messages/${messageId}/deletion`),
    attach: (kind, topic) => post("attachments", { kind, topic }),
    beginTopic: (name) => post("topics", { name }),
    renameTopic: (topic, name) => post(`topics/${topic}/name`, { name }),
    deleteTopic: (topic) => post(`topics/${topic}/deletion`),
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
