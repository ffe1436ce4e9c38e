// Who may sign what, on the states at hand: the rules of `ledger/domain/rules/authority.py`. Which types which offices
// may sign comes with the page's data, from the acts themselves.
import {need} from "./bytes.mjs";
import {holdsOver, inForceAt} from "./designation.mjs";
import {windowFlaw} from "./entry.mjs";
import {signerOf} from "./trust.mjs";

const RECOVERS = ["KeyEnrolled/1", "KeyRevoked/1"];

// Throws what refuses the act. `maySign`: the ways in which its type may be signed.
export function checkAuthority(entry, maySign, world) {
  const {type, office, signer: keyid} = entry.statement;
  if (type === "LedgerFounded/1") return need(office === "ledger", "not-authorised");
  if (office.startsWith("key/")) return checkOwnKey(entry.statement, maySign, world);
  const signer = signerOf(keyid, world);
  need(signer.services.length === 0, "not-authorised");
  if (office === "ledger") {
    need(signer.founder, "not-in-office");
    return need(maySign.some(({way}) => way === "founder"), "not-authorised");
  }
  need(office.startsWith("designation/"), "not-authorised");
  const {state, role} = heldOffice(office, signer.person, Date.parse(entry.recordedAt), world);
  return need(maySign.some((grant) => isGranted(grant, entry.statement.data, state, role)), "not-authorised");
}

export function checkWindow(entry) {
  const flaw = windowFlaw(entry);
  need(flaw === "", flaw);
}

// Accepting or revoking one's own key, services, the recovery key.
function checkOwnKey({type, office, signer: keyid, stream}, maySign, world) {
  need(office === `key/${keyid}`, "not-authorised");
  if (type === "KeyAccepted/1") return need(stream === office, "not-authorised");
  const signer = signerOf(keyid, world);
  if (signer.recovery) return need(RECOVERS.includes(type), "recovery-key-scope");
  if (signer.services.length) return need(signer.services.includes(type), "not-authorised");
  return need(maySign.some(({way}) => way === "own-key") && stream === office, "not-authorised");
}

function heldOffice(office, person, at, world) {
  const state = world.state(office);
  need(state !== null && state.person === person && !state.imported, "not-in-office");
  const seat = world.state(`body/${state.body}`)?.seats.get(state.seat);
  need(seat !== undefined, "not-in-office");
  need(inForceAt(state, at) || holdsOver(world, state, at), "not-in-office");
  return {state, role: seat.role};
}

function isGranted({way, roles = [], anywhere = false}, {body, seat}, state, role) {
  if (way === "seat") return body === state.body && seat === state.seat;
  return way === "role" && roles.includes(role) && (anywhere || body === undefined || body === state.body);
}
