// Founding and keys: who may speak at all (FORMAT.md §5); what `ledger/domain/trust.py` says of it, as far as authority goes.
import {fromBase64, hex, need, sha256} from "./bytes.mjs";

const keyidOf = async (spki) => hex(await sha256(fromBase64(spki)));

// The ledger's state after an act of the stream `ledger`; what its rules refuse throws.
export async function evolveLedger(state, {index, statement}) {
  const {type, data, signer} = statement;
  if (type === "LedgerFounded/1") {
    need(state === null, "already-founded");
    need(index === 0, "founding-not-first");
    need(data.origin === statement.ledger, "founding-origin");
    return founded(data, signer);
  }
  need(state !== null, "not-founded");
  if (type !== "RulesAdopted/1") return state;
  need(data.edition === state.edition + 1, "edition-gap");
  return {...state, edition: data.edition};
}

async function founded({officers, recovery_spki: spki, rules_edition: edition}, signer) {
  const founders = new Map();
  for (const officer of officers) founders.set(await keyidOf(officer.spki), officer.person);
  const persons = new Set(founders.values());
  need(founders.size === officers.length && persons.size === officers.length, "founding-officers-repeat");
  const recovery = await keyidOf(spki);
  need(!founders.has(recovery), "founding-recovery-key");
  need(founders.has(signer), "founding-signer");
  return {founders, persons, recovery, edition, keys: new Set([...founders.keys(), recovery])};
}

export function founding(world) {
  const ledger = world.state("ledger");
  need(ledger !== null, "not-founded");
  return ledger;
}

// A key's state after an act of its stream; what its rules refuse throws.
export async function evolveKey(state, {index, statement}, world) {
  const {type, data, signer} = statement;
  if (type === "KeyEnrolled/1") {
    const keyid = await keyidOf(data.spki);
    world.ifHere(() => {
      need(state === null && !founding(world).keys.has(data.keyid), "key-already-enrolled");
      need(keyid === data.keyid, "keyid-mismatch");
    });
    return {person: data.person, services: data.service_types ?? [], accepted: false, revoked: false};
  }
  if (type === "KeyAccepted/1") {
    need(state !== null && state.person !== "", "key-unknown");
    need(!state.accepted && !state.revoked, "key-already-settled");
    return {...state, accepted: true};
  }
  world.ifHere(() => checkRevocation(state, data, {index, signer}, founding(world)));
  return {person: "", services: [], accepted: false, ...state, revoked: true};
}

function checkRevocation(state, data, {index, signer}, ledger) {
  need(state !== null || ledger.keys.has(data.keyid), "key-unknown");
  need(!state?.revoked, "key-already-revoked");
  const person = state === null ? ledger.founders.get(data.keyid) ?? "" : state.person;
  need(signer !== ledger.recovery || ledger.persons.has(person), "recovery-key-scope");
  need((data.reason === "compromised") === (data.compromised_from !== undefined), "compromise-without-index");
  need((data.compromised_from ?? 0) <= index, "compromise-in-future");
}

// Whose a key is that is usable now (V8).
export function signerOf(keyid, world) {
  const ledger = founding(world);
  const state = world.state(`key/${keyid}`);
  need(!state?.revoked, "key-revoked");
  if (ledger.keys.has(keyid)) {
    const person = ledger.founders.get(keyid) ?? "";
    return {person, founder: person !== "", recovery: keyid === ledger.recovery, services: []};
  }
  need(state !== null, "key-unknown");
  need(state.accepted, "key-not-accepted");
  return {person: state.person, founder: ledger.persons.has(state.person), recovery: false, services: state.services};
}
