// What the porta-firmas shows: small pieces of the page, filled with text and never with markup.

export const at = (id) => document.getElementById(id);

// Sentences of the catalogue, as the page brought them; a code without one is shown as it is.
const {texts, kinds} = JSON.parse(at("datos").textContent);
export const KINDS = kinds;

export function say(code, values = {}) {
  return (texts[code] ?? code).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

// Why something failed, as people read it: the service's own sentence, or the page's for what it found itself.
export const why = (error) => (error.status ? error.message : texts[error.code] ?? say("sign-unforeseen", {detail: error.message}));

export function made(tag, text, properties = {}) {
  return Object.assign(document.createElement(tag), {textContent: text, ...properties});
}

export function facts(list, rows) {
  list.replaceChildren(...rows.flatMap(([name, value]) => [made("dt", name), made("dd", value)]));
}

export function show(section) {
  section.hidden = false;
  section.querySelector("h2").focus();
}

// Bytes as a file: an address that lives as long as the page, and a link to it.
export const address = (bytes, type) => URL.createObjectURL(new Blob([bytes], {type}));

export function fileLink(bytes, type, name, text) {
  return made("a", text, {href: address(bytes, type), download: name});
}

// A PDF before the officer's eyes; where the browser shows none inside of a page, the link opens it.
export function pdfView(bytes, title) {
  const source = address(bytes, "application/pdf");
  const frame = made("iframe", "", {src: `${source}#navpanes=0&view=FitH`, title: say("sign-preview", {title}), className: "pdf"});
  const link = made("a", say("sign-open-tab"), {href: source, target: "_blank"});
  const line = made("p", "");
  line.append(link);
  return [frame, line];
}

// The blocks of an acta, word by word, each under the number by which it is sealed.
export function draftView(blocks) {
  const box = made("div", "", {className: "acta", tabIndex: 0});
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", say("sign-draft-text"));
  blocks.forEach((block, place) => {
    const paragraph = made("p", block.text);
    paragraph.prepend(made("span", `${place + 1} `, {className: "tenue"}));
    box.append(paragraph);
  });
  return [box];
}
