/** Version of the gateway: in the record, the API and `--version`. */
export const GATEWAY_VERSION = '0.1.0';
