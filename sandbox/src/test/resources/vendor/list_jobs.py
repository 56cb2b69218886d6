# From the documentation of the Makistry Generation API, Async Jobs, Pagination; the vendor's text, unchanged.
cursor = None
while True:
    params = {"limit": 50}
    if cursor:
        params["cursor"] = cursor
    resp = httpx.get("https://api.makistry.ai/v1/jobs",
                     headers=headers, params=params)
    data = resp.json()
    for job in data["jobs"]:
        print(job["job_id"], job["status"])
    cursor = data.get("next_cursor")
    if not cursor:
        break
