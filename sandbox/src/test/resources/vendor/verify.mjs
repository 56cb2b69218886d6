// From the documentation of the Makistry Generation API, Async Jobs, Verifying Signatures; the vendor's text, unchanged.
import crypto from "crypto";

function verifyMakistryWebhook(body, sigHeader, tsHeader, signingSecret) {
  // Replay protection
  if (Math.abs(Date.now() / 1000 - parseInt(tsHeader)) > 300) return false;

  const sig = sigHeader.replace("sha256=", "");
  const msg = `${tsHeader}.${body}`;
  const expected = crypto.createHmac("sha256", signingSecret).update(msg).digest("hex");

  // timingSafeEqual throws if buffers differ in length — catch and return false
  try {
    return crypto.timingSafeEqual(Buffer.from(expected), Buffer.from(sig));
  } catch {
    return false; // length mismatch = invalid signature
  }
}
