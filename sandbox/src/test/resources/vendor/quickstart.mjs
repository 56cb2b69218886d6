// From the documentation of the Makistry Generation API, Quick Start, Node.js; the vendor's text, unchanged.
const API_KEY = "mk_pub_YOUR_KEY";
const BASE = "https://api.makistry.ai/v1";

const resp = await fetch(`${BASE}/text-to-cad`, {
  method: "POST",
  headers: { "Authorization": `Bearer ${API_KEY}`, "Content-Type": "application/json" },
  body: JSON.stringify({
    prompt: "A 40x20x10mm rectangular box with a 5mm through-hole centered on the top face",
    output_format: "STEP",
  }),
});
const { job_id } = await resp.json();
console.log("Job ID:", job_id);

import fs from "fs/promises";

async function pollJob(jobId) {
  for (let i = 0; i < 60; i++) {
    const resp = await fetch(`${BASE}/jobs/${jobId}`, {
      headers: { "Authorization": `Bearer ${API_KEY}` },
    });
    const job = await resp.json();
    console.log("Status:", job.status);
    if (job.status === "success") return job;
    if (job.status === "failed") throw new Error(`${job.error_code}: ${job.error_message}`);
    await new Promise(r => setTimeout(r, 10_000));
  }
  throw new Error("Timeout");
}

const job = await pollJob(job_id);
const file = await fetch(job.download_url);
const buffer = await file.arrayBuffer();
await fs.writeFile("output.step", Buffer.from(buffer));
console.log("Saved to output.step");
