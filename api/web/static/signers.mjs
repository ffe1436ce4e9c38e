// Who signed a PDF: whose the certificate is, when by whose word, and what its authority said of it; the rules of
// `ledger/verify/signers.py`.
import {Refused, hex, need, sha256} from "./bytes.mjs";
import {readCms} from "./cms.mjs";
import {CLOCKS_DIFFER, standingsOf} from "./revocation.mjs";
import {chainTo, checkChain} from "./x509.mjs";

// Checks one signature of a PDF against roots of signatories and of time stamps; what does not hold is its `code`.
//
// trust: {roots, stampRoots}; where none is given, nobody asks. `time` is "claimed", "stamped" or "proved".
export async function signerOf(signature, {roots, stampRoots = []}) {
  const found = await readCms(signature.cms, signature.digest);
  const {certificate, stamp} = found;
  const signer = {field: signature.field, at: signature.at.toISOString(), name: certificate.name, serial: certificate.serial};
  signer.keyid = hex(await sha256(certificate.spki));
  const time = stamp === null ? "claimed" : "stamped";
  Object.assign(signer, {stamp, time, chained: null, root: "", standings: [], code: "", detail: ""});
  try {
    const moments = [signature.at.getTime()];
    if (stamp !== null && stampRoots.length > 0) {
      await checkStamp(stamp, moments[0], stampRoots);
      signer.time = "proved";
      moments.push(stamp.time);
    }
    if (roots.length > 0) Object.assign(signer, await checkSignatory(found, moments, roots), {chained: true});
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    Object.assign(signer, {chained: roots.length > 0 ? false : null, code: error.code, detail: error.detail});
  }
  return signer;
}

// A time-stamp authority that is trusted, and a signatory who does not say to have signed after it stamped.
async function checkStamp(stamp, at, roots) {
  try {
    await checkChain(stamp.certificate, await chainTo(stamp.certificate, stamp.chain, roots), stamp.time);
  } catch (error) {
    if (error instanceof Refused) throw new Refused("stamp-authority", error.message);
    throw error;
  }
  need(at <= stamp.time + CLOCKS_DIFFER, "stamp-before-signing", stamp.at);
}

// Chain, use and state of the signatory's certificate, when he says he signed and when it is proved.
async function checkSignatory({certificate, along, stapled}, moments, roots) {
  const chain = await chainTo(certificate, along, roots);
  for (const moment of moments) await checkChain(certificate, chain, moment);
  need(certificate.signs && !certificate.authority, "certificate-use", certificate.serial);
  return {root: chain.at(-1).name, standings: await standingsOf(certificate, chain, stapled, moments.at(-1))};
}
