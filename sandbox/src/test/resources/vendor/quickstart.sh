# From the documentation of the Makistry Generation API, Quick Start, curl; the vendor's text, unchanged.
# requires jq — install with: brew install jq  (macOS) or  apt install jq  (Linux)
JOB=$(curl -s -X POST https://api.makistry.ai/v1/text-to-cad \
  -H "Authorization: Bearer mk_pub_YOUR_KEY" \
  -H "Content-Type: application/json" \
  -d '{
    "prompt": "A 40x20x10mm rectangular box with a 5mm through-hole centered on the top face",
    "output_format": "STEP"
  }' | jq -r '.job_id')

echo "Job ID: $JOB"

while true; do
  STATUS=$(curl -s "https://api.makistry.ai/v1/jobs/$JOB" \
    -H "Authorization: Bearer mk_pub_YOUR_KEY")
  STATE=$(echo $STATUS | jq -r '.status')
  echo "Status: $STATE"
  if [ "$STATE" = "success" ]; then
    URL=$(echo $STATUS | jq -r '.download_url')
    curl -L "$URL" -o output.step
    echo "Saved to output.step"
    break
  elif [ "$STATE" = "failed" ]; then
    echo "Failed: $(echo $STATUS | jq -r '.error_code'): $(echo $STATUS | jq -r '.error_message')"
    break
  fi
  sleep 10
done
