initialize "casemate" {
  request "mount-transit" {
    operation = "update"
    path = "sys/mounts/transit"
    data = { "type" = "transit" }
  }
  request "mount-kv" {
    operation = "update"
    path = "sys/mounts/kv"
    data = { "type" = "kv", "options" = { "version" = "2" } }
  }
  request "enable-approle" {
    operation = "update"
    path = "sys/auth/approle"
    data = { "type" = "approle" }
  }
  request "key-platform" {
    operation = "update"
    path = "transit/keys/platform"
    data = { "type" = "aes256-gcm96", "derived" = true }
  }
  request "key-token-signing" {
    operation = "update"
    path = "transit/keys/token-signing"
    data = { "type" = "rsa-3072" }
  }
  request "key-tenant-proof" {
    operation = "update"
    path = "transit/keys/tenant-proof"
    data = { "type" = "hmac", "key_size" = 32 }
  }
  request "disable-upsert" {
    operation = "update"
    path = "transit/config/keys"
    data = { "disable_upsert" = true }
  }
  request "policy-server" {
    operation = "update"
    path = "sys/policies/acl/casemate-server"
    data = { "policy" = "path \"auth/token/lookup-self\" { capabilities = [\"read\"] }\npath \"auth/token/renew-self\" { capabilities = [\"update\"] }\npath \"auth/token/revoke-self\" { capabilities = [\"update\"] }\npath \"transit/encrypt/tenant-*\" { capabilities = [\"update\"] }\npath \"transit/decrypt/tenant-*\" { capabilities = [\"update\"] }\npath \"transit/rewrap/tenant-*\" { capabilities = [\"update\"] }\npath \"transit/datakey/plaintext/tenant-*\" { capabilities = [\"update\"] }\npath \"transit/datakey/wrapped/tenant-*\" { capabilities = [\"update\"] }\npath \"transit/encrypt/platform\" { capabilities = [\"update\"] }\npath \"transit/decrypt/platform\" { capabilities = [\"update\"] }\npath \"transit/rewrap/platform\" { capabilities = [\"update\"] }\npath \"transit/datakey/plaintext/platform\" { capabilities = [\"update\"] }\npath \"transit/datakey/wrapped/platform\" { capabilities = [\"update\"] }\npath \"transit/sign/token-signing\" { capabilities = [\"update\"] }\npath \"transit/sign/token-signing/+\" { capabilities = [\"update\"] }\npath \"transit/keys/token-signing\" { capabilities = [\"read\"] }\npath \"transit/hmac/tenant-proof\" { capabilities = [\"update\"] }\npath \"transit/hmac/tenant-proof/+\" { capabilities = [\"update\"] }\npath \"kv/data/database/server\" { capabilities = [\"read\"] }" }
  }
  request "role-server" {
    operation = "update"
    path = "auth/approle/role/server"
    data = { "token_policies" = ["casemate-server"], "token_no_default_policy" = true, "bind_secret_id" = true, "secret_id_num_uses" = 1, "secret_id_ttl" = "10m", "token_ttl" = "1h", "token_max_ttl" = "24h" }
  }
  request "role-id-server" {
    operation = "update"
    path = "auth/approle/role/server/role-id"
    data = { "role_id" = "@role-id-server@" }
  }
  request "policy-provisioner" {
    operation = "update"
    path = "sys/policies/acl/casemate-provisioner"
    data = { "policy" = "path \"auth/token/lookup-self\" { capabilities = [\"read\"] }\npath \"auth/token/renew-self\" { capabilities = [\"update\"] }\npath \"auth/token/revoke-self\" { capabilities = [\"update\"] }\npath \"transit/keys/tenant-*\" { capabilities = [\"create\", \"update\", \"read\", \"delete\"] }\npath \"transit/keys/tenant-proof\" { capabilities = [\"deny\"] }\npath \"transit/keys/tenant-proof/*\" { capabilities = [\"deny\"] }\npath \"transit/datakey/wrapped/tenant-*\" { capabilities = [\"update\"] }\npath \"transit/hmac/tenant-proof\" { capabilities = [\"update\"] }\npath \"transit/hmac/tenant-proof/+\" { capabilities = [\"update\"] }\npath \"kv/data/database/provisioner\" { capabilities = [\"read\"] }" }
  }
  request "role-provisioner" {
    operation = "update"
    path = "auth/approle/role/provisioner"
    data = { "token_policies" = ["casemate-provisioner"], "token_no_default_policy" = true, "bind_secret_id" = true, "secret_id_num_uses" = 1, "secret_id_ttl" = "10m", "token_ttl" = "1h", "token_max_ttl" = "24h" }
  }
  request "role-id-provisioner" {
    operation = "update"
    path = "auth/approle/role/provisioner/role-id"
    data = { "role_id" = "@role-id-provisioner@" }
  }
  request "policy-migrator" {
    operation = "update"
    path = "sys/policies/acl/casemate-migrator"
    data = { "policy" = "path \"auth/token/lookup-self\" { capabilities = [\"read\"] }\npath \"auth/token/renew-self\" { capabilities = [\"update\"] }\npath \"auth/token/revoke-self\" { capabilities = [\"update\"] }\npath \"transit/hmac/tenant-proof\" { capabilities = [\"update\"] }\npath \"transit/hmac/tenant-proof/+\" { capabilities = [\"update\"] }\npath \"kv/data/database/migrator\" { capabilities = [\"read\"] }" }
  }
  request "role-migrator" {
    operation = "update"
    path = "auth/approle/role/migrator"
    data = { "token_policies" = ["casemate-migrator"], "token_no_default_policy" = true, "bind_secret_id" = true, "secret_id_num_uses" = 1, "secret_id_ttl" = "10m", "token_ttl" = "1h", "token_max_ttl" = "24h" }
  }
  request "role-id-migrator" {
    operation = "update"
    path = "auth/approle/role/migrator/role-id"
    data = { "role_id" = "@role-id-migrator@" }
  }
  request "policy-issuer" {
    operation = "update"
    path = "sys/policies/acl/casemate-issuer"
    data = { "policy" = "path \"auth/token/revoke-self\" { capabilities = [\"update\"] }\npath \"auth/approle/role/server/secret-id\" { capabilities = [\"update\"] min_wrapping_ttl = \"1s\" max_wrapping_ttl = \"600s\" }\npath \"auth/approle/role/provisioner/secret-id\" { capabilities = [\"update\"] min_wrapping_ttl = \"1s\" max_wrapping_ttl = \"600s\" }\npath \"auth/approle/role/migrator/secret-id\" { capabilities = [\"update\"] min_wrapping_ttl = \"1s\" max_wrapping_ttl = \"600s\" }" }
  }
  request "role-issuer" {
    operation = "update"
    path = "auth/approle/role/issuer"
    data = { "token_policies" = ["casemate-issuer"], "token_no_default_policy" = true, "bind_secret_id" = true, "token_ttl" = "2m", "token_max_ttl" = "2m" }
  }
  request "role-id-issuer" {
    operation = "update"
    path = "auth/approle/role/issuer/role-id"
    data = { "role_id" = "@role-id-issuer@" }
  }
  request "policy-operator" {
    operation = "update"
    path = "sys/policies/acl/casemate-operator"
    data = { "policy" = "path \"auth/token/lookup-self\" { capabilities = [\"read\"] }\npath \"auth/token/renew-self\" { capabilities = [\"update\"] }\npath \"auth/token/revoke-self\" { capabilities = [\"update\"] }\npath \"kv/data/database/*\" { capabilities = [\"create\", \"update\"] }\npath \"kv/metadata/database/*\" { capabilities = [\"read\", \"list\"] }\npath \"sys/policies/acl\" { capabilities = [\"list\"] }\npath \"sys/policies/acl/casemate-*\" { capabilities = [\"create\", \"read\", \"update\", \"delete\"] }\npath \"auth/approle/role\" { capabilities = [\"list\"] }\npath \"auth/approle/role/+\" { capabilities = [\"create\", \"read\", \"update\", \"delete\"] }\npath \"auth/approle/role/+/role-id\" { capabilities = [\"read\", \"update\"] }\npath \"sys/mounts\" { capabilities = [\"read\"] }\npath \"sys/mounts/transit\" { capabilities = [\"read\", \"update\"] }\npath \"sys/mounts/kv\" { capabilities = [\"read\", \"update\"] }\npath \"sys/mounts/casemate-*\" { capabilities = [\"create\", \"read\", \"update\"] }\npath \"transit/config/keys\" { capabilities = [\"read\", \"update\"] }\npath \"transit/keys\" { capabilities = [\"list\"] }\npath \"sys/audit\" { capabilities = [\"read\", \"sudo\"] }\npath \"sys/storage/raft/snapshot\" { capabilities = [\"read\"] }" }
  }
  request "role-operator" {
    operation = "update"
    path = "auth/approle/role/operator"
    data = { "token_policies" = ["casemate-operator"], "token_no_default_policy" = true, "bind_secret_id" = true, "token_ttl" = "15m", "token_max_ttl" = "15m" }
  }
  request "role-id-operator" {
    operation = "update"
    path = "auth/approle/role/operator/role-id"
    data = { "role_id" = "@role-id-operator@" }
  }
  request "secret-id-issuer" {
    operation = "update"
    path = "auth/approle/role/issuer/custom-secret-id"
    data = { "secret_id" = { "eval_source" = "file", "eval_type" = "string", "path" = "@secret-id-issuer@" } }
  }
  request "secret-id-operator" {
    operation = "update"
    path = "auth/approle/role/operator/custom-secret-id"
    data = { "secret_id" = { "eval_source" = "file", "eval_type" = "string", "path" = "@secret-id-operator@" } }
  }
}
