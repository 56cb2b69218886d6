# From the documentation of the Makistry Generation API, Async Jobs, Python poll loop; the vendor's text, unchanged.
import time, httpx

def poll_until_done(job_id: str, timeout_s: int = 1200) -> dict:
    deadline = time.time() + timeout_s
    interval = 5
    while time.time() < deadline:
        resp = httpx.get(
            f"https://api.makistry.ai/v1/jobs/{job_id}",
            headers={"Authorization": "Bearer mk_pub_YOUR_KEY"},
        )
        resp.raise_for_status()
        job = resp.json()
        if job["status"] == "success":
            return job
        if job["status"] == "failed":
            raise RuntimeError(f"{job['error_code']}: {job['error_message']}")
        time.sleep(interval)
        interval = min(interval * 1.5, 15)  # ramp to 15s
    raise TimeoutError("Job did not finish within timeout")
