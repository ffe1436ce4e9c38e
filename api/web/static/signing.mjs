// The porta-firmas: a key is opened here, what awaits a signature is shown, and just what was shown is signed.
import {unlock} from "./efirma.mjs";
import {Desk, holderOf, ledgerNow} from "./signing-desk.mjs";
import {answerLines, carried} from "./signing-revocation.mjs";
import {KINDS, at, draftView, facts, fileLink, made, pdfView, say, show, why} from "./signing-view.mjs";
import {parseCertificateFile} from "./x509.mjs";
import {Refused, need} from "./bytes.mjs";

const state = {signer: null, desk: null, items: [], turn: Promise.resolve()};
const placeOf = (item) => (item.paper ? `${item.kind}/${item.key}` : `draft/${item.key}`);
const day = (milliseconds) => new Date(milliseconds).toLocaleDateString("es-MX", {dateStyle: "long"});

async function fileOf(input) {
  const [file] = input.files;
  return file === undefined ? null : new Uint8Array(await file.arrayBuffer());
}

// Does what buttons ask for, one thing after the other; what goes wrong is said where `place` is.
function run(place, work) {
  state.turn = state.turn.then(async () => {
    place.textContent = "";
    document.body.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      place.textContent = why(error);
      place.classList.add("mal");
    } finally {
      document.body.removeAttribute("aria-busy");
    }
  });
}

const on = (id, event, place, work) =>
  at(id).addEventListener(event, (happened) => {
    happened.preventDefault();
    run(at(place), work);
  });

// -- 1: the key

async function openKey() {
  const [cer, key, password] = [await fileOf(at("cer")), await fileOf(at("key")), at("clave").value];
  at("clave").value = "";
  need(key !== null, "sign-key-missing");
  const certificate = cer === null ? null : parseCertificateFile(cer);
  const signer = await unlock(key, password, certificate);
  if (certificate !== null) checkPeriod(certificate, Date.parse(await ledgerNow()));
  const holder = await known(signer);
  state.signer = signer;
  at("llave").reset();
  tellHolder(signer, holder);
}

function checkPeriod({starts, ends, signs, authority}, now) {
  need(now >= starts, "sign-certificate-early");
  need(now <= ends, "sign-certificate-expired");
  need(signs && !authority, "sign-certificate-use");
}

async function known(signer) {
  try {
    const holder = await holderOf(signer.keyid);
    need(holder.phase !== "revoked", "sign-key-revoked");
    need(holder.phase === "usable", "sign-key-not-accepted");
    need(holder.offices.length > 0, "sign-no-office");
    return holder;
  } catch (error) {
    if (error.status === 404) throw new Refused("sign-key-unknown");
    throw error;
  }
}

function tellHolder({certificate, keyid, algorithm}, {offices}) {
  const rows = certificate === null ? [] : [
    [say("sign-name"), certificate.name],
    ["RFC", certificate.rfc || "–"],
    ["CURP", certificate.curp || "–"],
    [say("sign-serial"), certificate.serial],
    [say("sign-valid"), say("sign-from-to", {from: day(certificate.starts), to: day(certificate.ends)})],
  ];
  facts(at("quien"), [...rows, [say("sign-key"), `${algorithm} · ${keyid.slice(0, 16)}…`]]);
  at("aviso-datos").hidden = certificate === null;
  at("cargo").replaceChildren(...offices.map(({office, body, seat}) => made("option", `${seat} · ${body}`, {value: office})));
  at("llave").hidden = true;
  show(at("identidad"));
}

async function enter() {
  state.desk = await Desk.open(state.signer, at("cargo").value);
  state.items = [];
  at("filtro").hidden = state.signer.certificate === null;
  at("de-clase").replaceChildren(made("option", "", {value: ""}));
  await list();
  at("firma").hidden = false;
  show(at("pendientes"));
  tellRevocation(state.desk);
}

// Said beside the list, which does not wait for it; an authority may be slow.
async function tellRevocation(desk) {
  const told = (...lines) => state.desk === desk && at("revocacion").replaceChildren(...lines);
  if (desk.signer.certificate === null) return told();
  told(made("p", say("sign-answer-asking")));
  try {
    return told(...answerLines((await desk.revocation()).heard));
  } catch (error) {
    return told(made("p", why(error), {className: "mal"}));
  }
}

// Lists the first part of what awaits, anew: what is marked stays. Without certificate only actas can be signed.
async function list() {
  const kind = state.signer.certificate === null ? "draft" : at("de-clase").value;
  const found = await state.desk.waiting({kind});
  const counts = new Map(found.facets.kind.map(({value, count}) => [value, count]));
  const count = kind === "" ? found.total.count : counts.get(kind) ?? 0;
  at("cuantos").textContent = say({0: "sign-nothing", 1: "sign-one"}[count] ?? "sign-many", {count});
  const named = [...counts].map(([value, of]) => [value, say("sign-of-kind", {kind: KINDS[value] ?? say("sign-drafts"), count: of})]);
  const options = [["", say("sign-all-kinds", found.total)], ...named];
  at("de-clase").replaceChildren(...options.map(([value, text]) => made("option", text, {value, selected: value === kind})));
  const marked = chosen();
  state.items = state.items.filter((item) => item.done || marked.includes(item)); // what is signed is still to be fetched
  at("lista").replaceChildren(...state.items.map(({row}) => row));
  append(kind, found);
  choose();
}

function append(kind, {data, pagination}) {
  const there = new Set(state.items.map(({row}) => row.dataset.key));
  const items = data.map((one) => (one.type === "draft" ? {acta: one, key: one.key, title: say("sign-acta", one)} : {...one, paper: true}));
  for (const item of items) if (!there.has(placeOf(item))) add(item);
  state.following = {kind, cursor: pagination.next_cursor};
  at("mas").hidden = !pagination.more;
}

async function goOn() {
  const before = state.items.length;
  append(state.following.kind, await state.desk.waiting(state.following));
  state.items[before]?.find(".ver").focus();
}

async function forget() {
  const {desk} = state;
  Object.assign(state, {signer: null, desk: null, items: []});
  for (const id of ["identidad", "pendientes", "firma"]) at(id).hidden = true;
  for (const id of ["lista", "revocacion"]) at(id).replaceChildren();
  at("llave").hidden = false;
  at("cer").focus();
  if (desk !== null) await desk.close();
}

// -- 2: what awaits

function add(item) {
  const row = at("uno").content.firstElementChild.cloneNode(true);
  const find = (selector) => row.querySelector(selector);
  row.dataset.key = placeOf(item);
  Object.assign(item, {row, find, shown: null, done: false});
  find("h3").textContent = item.title;
  find(".clave").textContent = item.paper ? placeOf(item) : say("sign-by-act", item);
  find(".ver").setAttribute("aria-label", say("sign-show", item));
  find(".ver").addEventListener("click", () => run(find(".estado"), () => preview(item)));
  find("input").addEventListener("change", choose);
  if (!item.paper) find(".rehusar button").addEventListener("click", () => run(find(".estado"), () => refuse(item)));
  state.items.push(item);
  at("lista").append(row);
}

async function preview(item) {
  const {find} = item;
  const before = find(".huella").textContent;
  if (item.paper) {
    item.shown = await state.desk.paper(item.kind, item.key);
    find(".vista").replaceChildren(...pdfView(item.shown.bytes, item.title));
    find(".huella").textContent = item.shown.sha256;
  } else {
    item.shown = await state.desk.draft(item.acta);
    find(".vista").replaceChildren(...draftView(item.shown.blocks), made("p", say("sign-root"), {className: "ayuda"}));
    find(".huella").textContent = item.shown.root;
  }
  if (find(".huella").textContent !== before) find(".elegir input").checked = false; // what was agreed to is not this
  choose();
  find(".elegir span").textContent = item.paper ? say("sign-choose") : say("sign-choose-acta", item.acta);
  find(".vista").hidden = find(".decidir").hidden = false;
  find(".rehusar").hidden = item.paper || item.acta.refused;
  find(".elegir input").focus();
}

async function addOther() {
  const [kind, key] = [at("clase").value, at("clave-doc").value.trim()];
  need(state.signer.certificate !== null, "sign-needs-certificate");
  need(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*){1,6}$/.test(key), "sign-bad-key");
  const item = {kind, key, paper: true, title: KINDS[kind]};
  add(item);
  try {
    await preview(item);
  } catch (error) {
    item.row.remove();
    state.items.pop();
    throw error;
  }
}

// -- 3: signing

const chosen = () => state.items.filter((item) => !item.done && item.shown !== null && item.find("input").checked);

function choose() {
  const items = chosen();
  at("elegidos").textContent = items.length === 0 ? say("sign-none-chosen") : say("sign-chosen", {count: items.length});
  at("huellas").replaceChildren(...items.map((item) => {
    const line = made("li", `${item.title}: `);
    line.append(made("code", item.find(".huella").textContent));
    return line;
  }));
  at("firmar").disabled = items.length === 0;
}

async function signChosen() {
  const items = chosen();
  let done = 0;
  for (const item of items) {
    at("resultado").textContent = say("sign-progress", {at: done + 1, of: items.length});
    try {
      finished(item, item.paper ? await signedPaper(item) : await saidOf(item, "ActaSigned/1"));
      done += 1;
    } catch (error) {
      item.find(".estado").textContent = why(error);
      item.find(".estado").className = "estado mal";
    }
  }
  choose();
  at("resultado").textContent = say("sign-result", {done, of: items.length});
}

async function signedPaper(item) {
  const {signed, heard} = await state.desk.signPaper(item.shown);
  const name = `${item.kind}-${item.key.replaceAll("/", "-")}.pdf`;
  return [`${say("sign-paper-done")} ${carried(heard)}`, fileLink(signed, "application/pdf", name, say("sign-download"))];
}

async function saidOf(item, type, sealed = {}) {
  const {index, receipt} = await state.desk.word(item.acta, type, sealed);
  const said = say(type === "ActaSigned/1" ? "sign-act-done" : "sign-refused-done", {index});
  return receipt === undefined ? [said] : [said, fileLink(receipt, "text/plain", `${index}.tlog-proof`, say("sign-receipt"))];
}

async function refuse(item) {
  const reason = item.find("textarea").value.trim();
  need(reason !== "", "sign-reason-missing");
  finished(item, await saidOf(item, "ActaSignatureRefused/1", {reason}));
  choose();
}

function finished(item, said) {
  item.done = true;
  item.find(".estado").className = "estado bien";
  item.find(".estado").replaceChildren(...said.flatMap((part) => [part, " "]));
  item.find(".decidir").hidden = item.find(".vista").hidden = item.find(".acciones").hidden = true;
}

at("sin-programa").hidden = true;
at("llave").hidden = false;
at("clase").replaceChildren(...Object.entries(KINDS).map(([value, text]) => made("option", text, {value})));
on("llave", "submit", "llave-error", openKey);
on("entrar", "submit", "entrar-error", enter);
on("olvidar", "click", "entrar-error", forget);
on("de-clase", "change", "lista-error", list);
on("mas", "click", "lista-error", goOn);
on("otro", "submit", "otro-error", addOther);
on("firmar", "click", "resultado", signChosen);
