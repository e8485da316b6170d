docker run --rm --read-only --tmpfs /run/sluice:uid=10001,mode=700 --user 10001 \
  -e SLUICE_GATEWAY -e SLUICE_AGENT -e SLUICE_WORKLOAD_TOKEN_FILE=/token -e SLUICE_RUNTIME_DIR=/run/sluice \
  -v "$PWD/token:/token:ro" nightly:1.4.2 sluice run orders-db -- ./nightly.sh
