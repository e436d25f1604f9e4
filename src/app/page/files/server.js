// Questions to the server that this page is from.

/** What went wrong, as a sentence for the user. */
export class Failure extends Error {}

const AGAIN = "Start ncm draw and open the address that it prints.";

async function ask(path, body) {
  const headers = { "ncm-token": location.hash.slice(1) };
  if (body) {
    headers["content-type"] = "application/octet-stream";
  }
  let response;
  try {
    response = await fetch(path, { method: body ? "POST" : "GET", headers, body });
  } catch {
    throw new Failure(`The server does not answer any more. ${AGAIN} Your drawing stays here meanwhile.`);
  }
  if (response.status === 403) {
    throw new Failure(`This page was opened without its key. ${AGAIN}`);
  }
  const answer = await response.json();
  if (!response.ok) {
    throw new Failure(`The server cannot answer: ${answer.error}.`);
  }
  return answer;
}

/** The models with their means, and what is in the gallery. */
export const models = () => ask("/api/models");

/** What the levels of a canvas are read as. */
export const read = (levels) => ask("/api/read", levels);

/** What each pixel of an image says for class `a` of a model against class `b`. */
export const difference = (model, a, b, pixels) =>
  ask(`/api/difference?model=${model}&a=${a}&b=${b}`, new Uint8Array(pixels));

/** So many images of the gallery from one on. */
export const gallery = (from, count) => ask(`/api/gallery?from=${from}&count=${count}`);
