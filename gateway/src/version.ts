/** Version of the gateway: in the record, the API and `--version`. */
export const GATEWAY_VERSION = '0.1.0';
/** The oldest `sluice` that this gateway likes; told in every answer of the API. */
export const OLDEST_CLIENT = '0.1.0';
