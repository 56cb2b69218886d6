# From the documentation of the Makistry Generation API, Quick Start, Python; the vendor's text, unchanged.
import httpx

API_KEY = "mk_pub_YOUR_KEY"
BASE = "https://api.makistry.ai/v1"
headers = {"Authorization": f"Bearer {API_KEY}"}

resp = httpx.post(f"{BASE}/text-to-cad", headers=headers, json={
    "prompt": "A 40x20x10mm rectangular box with a 5mm through-hole centered on the top face",
    "output_format": "STEP",
})
resp.raise_for_status()
job_id = resp.json()["job_id"]
print(f"Job ID: {job_id}")

import time

def poll_job(job_id: str) -> dict:
    for _ in range(60):  # up to ~10 minutes
        resp = httpx.get(f"{BASE}/jobs/{job_id}", headers=headers)
        resp.raise_for_status()
        job = resp.json()
        status = job["status"]
        print(f"Status: {status}")
        if status == "success":
            return job
        if status == "failed":
            raise RuntimeError(f"{job['error_code']}: {job['error_message']}")
        time.sleep(10)
    raise TimeoutError("Job did not complete in time")

job = poll_job(job_id)
download_url = job["download_url"]

# Download the file
file_resp = httpx.get(download_url)
with open("output.step", "wb") as f:
    f.write(file_resp.content)
print("Saved to output.step")
