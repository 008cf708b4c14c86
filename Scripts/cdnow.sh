#!/usr/bin/env bash
# Scores the CDNOW purchase log (customer, date, CDs, dollars; 1997-98) as of 1997-10-01 by recency, frequency and
# value, and counts who of the best customers bought again within the next 182 days.
# Usage: Scripts/cdnow.sh /path/to/CDNOW_master.txt [folder]
set -euo pipefail
log=$1
folder=${2:-cdnow}
program=${LEADGAUGE:-.build/release/leadgauge}
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder"
awk 'NR > 1 && NF == 4 { print $1 "," $2 "," $3 "," $4 }' "$log" | sed '1i customer_id,date,cds,dollars' > "$folder/purchases.csv"
awk -F, 'NR > 1 && !seen[$1]++ { print $1 }' "$folder/purchases.csv" | sed '1i id' > "$folder/contacts.csv"
cp "$here/config/models/purchases.yaml" "$folder/model.yaml"
cat > "$folder/leadgauge.yaml" <<'YAML'
version: 1
model: model.yaml
connections:
  shop:
    platform: files
    contacts: contacts.csv
    activities: purchases.csv
    output: scores.csv
    columns: { activities: { contact: customer_id, at: date, value: dollars, kind: { always: purchase } } }
    dateFormat: { activities: "yyyyMMdd" }
YAML
for step in plan plan sync; do
  /usr/bin/time -f "$step: wall %e s, CPU %U + %S s, peak %M KB" "$program" $step --config "$folder/leadgauge.yaml" --as-of 1997-10-01
done
awk -F, '
  FNR == NR { if (FNR > 1 && $2 > 19971001 - 1 && $2 < 19980401) again[$1] = 1; next }
  FNR > 1 { n[$4]++; all++; if ($1 in again) { k[$4]++; total++ } }
  END { for (band in n) printf "%s: %d customers, %d bought again (%.1f %%)\n", band, n[band], k[band], 100 * k[band] / n[band]
        printf "all: %d customers, %d bought again (%.1f %%)\n", all, total, 100 * total / all }
' "$folder/purchases.csv" "$folder/scores.csv"
