// Signing a PDF where it is shown: what is signed is made here, out of the very bytes that are on the screen.
import {base64, equal, fromBase64, hex, need} from "./bytes.mjs";
import {readCms, signedAttributes} from "./cms.mjs";
import {isClosed, openSignature, parsePdf} from "./pdf.mjs";
import {areAbout, standingsOf} from "./revocation.mjs";
import {Certificate} from "./x509.mjs";

const compact = (at) => new Date(at).toISOString().replace(/[-:T]|\.000Z/g, "");

// What the service heard of a certificate: {stapled, heard}, the answers, which are checked here, and what is known of
// each certificate below the root: {name, serial, goodAt, stapled, tooLong, silent}, `goodAt` in ms by an answer read here.
export async function readAnswers(certificate, {stapled: {answers, lists}, authorities, revocation}, at) {
  const stapled = {answers: answers.map((each) => fromBase64(each)), lists: lists.map((each) => fromBase64(each))};
  const chain = await issuersOf(certificate, authorities);
  const standings = await standingsOf(certificate, chain, stapled, at);
  need(chain.length < authorities.length || (await areAbout(certificate, chain, stapled)), "sign-answer-other");
  need(authorities.length > 0 && revocation.length === authorities.length, "sign-answer-other");
  const own = [certificate, ...chain];
  const heard = revocation.map(({name: said, serial: number, stapled: isStapled, too_long: tooLong, silent}, depth) => {
    const {name, serial} = own[depth] ?? {name: said, serial: number};
    return {name, serial, goodAt: standings[depth]?.goodAt ?? null, stapled: isStapled, tooLong, silent};
  });
  return {stapled, heard};
}

// Whoever really issued a certificate, and those above: as far as the service's word can be checked here.
async function issuersOf(certificate, authorities) {
  const chain = [];
  let below = certificate;
  for (const each of authorities) {
    const above = Certificate.parse(fromBase64(each));
    if (!(await below.isIssuedBy(above))) break;
    chain.push(above);
    below = above;
  }
  return chain;
}

// What is to be signed of the bytes shown; the server's own idea of it, asked for by `ask`, must be the same.
//
// shown: {kind, key, bytes, sha256, field}. at: instant as written. ask: async (wish) → {digest, attributes, …}. Answers of
// authorities that came along are signed, too, once they were read here.
export async function prepare(signer, shown, at, ask) {
  const opening = await openSignature(shown.bytes, shown.field, compact(at));
  const certificate = base64(signer.certificate.der);
  const wish = {kind: shown.kind, key: shown.key, shown: shown.sha256, certificate, at};
  const said = await ask(wish);
  const {stapled, heard} = await readAnswers(signer.certificate, said, Date.parse(at));
  const attributes = await signedAttributes(opening.digest, signer.certificate.der, stapled);
  need(said.digest === hex(opening.digest) && equal(fromBase64(said.attributes), attributes), "sign-differs");
  return {opening, attributes, heard, wish: {...wish, stapled: said.stapled}};
}

// The signed PDF: the one that was opened, with this certificate's signature in the room and nothing else changed.
export async function complete(signer, {opening, attributes, wish}, send) {
  const signed = await send({...wish, signature: base64(await signer.sign(attributes))});
  need(isClosed(opening, signed), "sign-other-file");
  const {signatures} = await parsePdf(signed);
  const {certificate} = await readCms(signatures.at(-1).cms, opening.digest);
  need(equal(certificate.der, signer.certificate.der), "sign-other-file");
  return signed;
}
