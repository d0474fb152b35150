export { type ShardJob, type ShardManifest, sampleShards } from "./shards.js";
