// The inventory file after inventory.schema.json has accepted it: the same members, as TypeScript types.
// What each means and its default stand in the schema; comments ("//" members) are not listed here.

import type { JsonObject } from '../json.ts';
import type { CipherSuite, ClientKeyKind, Method, PlatformFamily } from './inventory.ts';

export interface InventoryJson {
  readonly system?: SystemJson;
  readonly paths?: PathsJson;
  readonly secrets: LoginJson;
  readonly ca_server?: CaServerJson;
  readonly devices: Readonly<Record<string, DeviceJson>>;
  readonly links: readonly LinkJson[];
}

export interface SystemJson {
  readonly max_threads?: number;
  readonly rotation?: {
    readonly interval?: number;
    readonly lead?: number;
    readonly margin?: number;
    readonly ring?: number;
    readonly max_clock_difference?: number;
    readonly wait?: number;
    readonly poll?: number;
    readonly keys_per_commit?: number;
  };
  readonly ssh?: {
    readonly attempts?: number;
    readonly delay?: number;
    readonly timeout?: number;
    readonly host_key_policy?: 'strict' | 'accept-new';
    readonly known_hosts_file?: string;
    readonly pace?: number;
  };
  readonly netconf?: {
    readonly mgd_command?: readonly string[];
    readonly mgd_socket?: string;
    readonly rpc_timeout?: number;
    readonly commit_timeout?: number;
    readonly lock_wait?: number;
  };
  readonly alarms?: { readonly command?: readonly string[]; readonly stalled_after?: number; readonly certificate_days?: number };
  readonly kme?: { readonly attempt_timeout?: number; readonly deadline?: number; readonly propagation_attempts?: number; readonly retention?: number };
  readonly certificates?: CertificatesJson;
  readonly event_options?: { readonly start_time?: string };
}

export interface CertificatesJson {
  readonly min_valid_days?: number;
  readonly lifetime_days?: number;
  readonly ca_lifetime_days?: number;
  readonly backdate?: number;
  readonly key?: ClientKeyKind;
  readonly subject_alternative_name?: boolean;
  readonly days?: readonly number[];
  readonly from?: string;
  readonly until?: string;
  readonly retry?: number;
  readonly router_folder?: string;
}

export interface PathsJson {
  readonly home?: string;
  readonly certificates?: string;
  readonly records?: string;
  readonly logs?: string;
  readonly record?: string;
  readonly peer_record?: string;
  readonly record_mode?: '0600' | '0640' | '0644';
}

export interface LoginJson {
  readonly username?: string;
  readonly peer_username?: string;
  readonly password?: string;
  readonly password_file?: string;
  readonly password_env?: string;
  readonly private_key_file?: string;
  readonly passphrase_file?: string;
  readonly passphrase_env?: string;
}

export interface CaServerJson {
  readonly ca_cert?: { readonly fetch?: boolean; readonly generate?: boolean };
  readonly ca_server_ip?: string;
  readonly ca_port?: number;
  readonly ca_host_key?: string | readonly string[];
  readonly ca_user?: string;
  readonly ca_private_key_file?: string;
  readonly ca_common_name?: string;
  readonly ca_pass?: string;
  readonly ca_pass_file?: string;
  readonly ca_pass_env?: string;
  readonly ca_path?: string;
  readonly ca_cert_name?: string;
  readonly ca_key_name?: string;
}

export interface DeviceJson {
  readonly ip: string | readonly string[];
  readonly port?: number;
  readonly host_key?: string | readonly string[];
  readonly routing_engines?: readonly string[];
  readonly sae_id?: string;
  readonly platform?: PlatformFamily;
  readonly root_enc_pass?: string;
  readonly root_enc_pass_file?: string;
  readonly root_enc_pass_env?: string;
  readonly kme: KmeJson;
}

export interface KmeJson {
  readonly url: string | readonly (string | KmeEndpointJson)[];
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly server_name?: string;
  readonly address?: string;
  readonly pair?: string;
  readonly spki?: string | readonly string[];
  readonly min_tls?: '1.2' | '1.3';
  readonly status?: 'advice' | 'strict' | 'off';
  readonly key_size?: number;
  readonly extension_mandatory?: readonly JsonObject[];
  readonly extension_optional?: readonly JsonObject[];
  readonly quirks?: KmeQuirksJson;
}

export interface KmeEndpointJson {
  readonly url: string;
  readonly server_name?: string;
  readonly address?: string;
  readonly pair?: string;
}

export interface KmeQuirksJson {
  readonly request?: 'get' | 'post';
  readonly send_number?: boolean;
  readonly send_size?: boolean;
  readonly keys_per_request?: number;
  readonly keys_member?: string;
  readonly key_id_member?: string;
  readonly key_member?: string;
  readonly key_encoding?: 'base64' | 'base64-unpadded' | 'base64url' | 'hex';
  readonly content_types?: readonly string[];
  readonly unknown_key_status?: readonly number[];
  readonly no_stock_status?: readonly number[];
}

export interface LinkJson {
  readonly name: string;
  readonly connectivity_association: string;
  readonly method?: Method;
  readonly cipher_suite?: CipherSuite;
  readonly ckn_prefix?: string;
  readonly key_chain?: string;
  readonly cak?: 'derived' | 'raw';
  readonly initial_key?: { readonly ckn: string; readonly cak?: string; readonly cak_file?: string; readonly cak_env?: string };
  readonly master: EndJson;
  readonly slaves: readonly EndJson[];
}

export interface EndJson {
  readonly device: string;
  readonly interfaces: readonly string[];
}
