// Signing a PDF where it is shown: what is signed is made here, out of the very bytes that are on the screen.
import {base64, equal, fromBase64, hex, need} from "./bytes.mjs";
import {readCms, signedAttributes} from "./cms.mjs";
import {isClosed, openSignature, parsePdf} from "./pdf.mjs";

const compact = (at) => new Date(at).toISOString().replace(/[-:T]|\.000Z/g, "");

// What is to be signed of the bytes shown; the server's own idea of it, asked for by `ask`, must be the same.
//
// shown: {kind, key, bytes, sha256, field}. at: instant as written. ask: async (wish) → {digest, attributes}.
export async function prepare(signer, shown, at, ask) {
  const opening = await openSignature(shown.bytes, shown.field, compact(at));
  const attributes = await signedAttributes(opening.digest, signer.certificate.der);
  const certificate = base64(signer.certificate.der);
  const wish = {kind: shown.kind, key: shown.key, shown: shown.sha256, certificate, at};
  const said = await ask(wish);
  need(said.digest === hex(opening.digest) && equal(fromBase64(said.attributes), attributes), "sign-differs");
  return {opening, attributes, wish};
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
