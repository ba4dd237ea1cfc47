package slacktest

// methods are facts of Slack's method pages as of 2026-05, taken from
// github.com/smstoslack/slack_kit (MIT); agents.* from the declarations of npm
// @slack/web-api 8.2.0. A test compares them with the file of facts.
var methods = map[string]Method{
	"agents.sessions.rename": {
		Tier:     tier3, // unverified
		Scopes:   "chat:write",
		Required: "title",
		Optional: "channel_id thread_ts",
		Errors:   "channel_not_found thread_not_found",
	},
	"agents.sessions.setStatus": {
		Tier:     tier3, // unverified
		Scopes:   "chat:write",
		Required: "status",
		Optional: "channel_id icon_emoji icon_url initiator_user_id thread_ts title username",
		Errors:   "channel_not_found thread_not_found",
	},
	"apps.connections.open": {
		Tier:   tier3,
		Errors: "forbidden_team insecure_request missing_args",
	},
	"assistant.threads.setStatus": {
		Tier:     special,
		Scopes:   "chat:write",
		Required: "channel_id status thread_ts",
		Optional: "icon_emoji icon_url loading_messages username",
		Errors:   "channel_not_found invalid_thread_ts reserved_username",
	},
	"auth.revoke": {
		Tier:     tier3,
		Optional: "test",
		Errors:   "not_bearer_token",
	},
	"auth.test": {
		Tier: special,
	},
	"bots.info": {
		Tier:     tier3,
		Scopes:   "users:read",
		Optional: "bot team_id",
		Errors:   "bot_not_found bots_not_found missing_argument team_not_found",
	},
	"chat.appendStream": {
		Tier:     tier4,
		Scopes:   "chat:write",
		Required: "channel markdown_text ts",
		Optional: "chunks",
		Errors: "as_user_not_supported channel_not_found channel_type_not_supported duplicate_channel_not_found " +
			"duplicate_message_not_found invalid_blocks invalid_chunks invalid_metadata_format " +
			"invalid_metadata_schema is_archived message_limit_exceeded message_not_found " +
			"message_not_in_streaming_state message_not_owned_by_app messages_tab_disabled " +
			"messaging_processing_failed metadata_must_be_sent_from_app metadata_too_large " +
			"msg_blocks_too_long msg_blocks_too_many no_text not_in_channel rate_limited restricted_action " +
			"restricted_action_non_threadable_channel restricted_action_read_only_channel " +
			"restricted_action_thread_locked restricted_action_thread_only_channel " +
			"slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked " +
			"slack_connect_lists_sharing_blocked stopped_by_user team_not_found too_many_attachments " +
			"too_many_contact_cards",
	},
	"chat.delete": {
		Tier:     tier3,
		Scopes:   "chat:write",
		Required: "channel ts",
		Optional: "as_user",
		Errors:   "cant_delete_message channel_not_found message_not_found",
	},
	"chat.getPermalink": {
		Tier:     special,
		Required: "channel message_ts",
		Errors:   "channel_not_found message_not_found",
	},
	"chat.postEphemeral": {
		Tier:     tier4,
		Scopes:   "chat:write",
		Required: "channel user",
		Optional: "as_user attachments blocks icon_emoji icon_url link_names markdown_text parse text thread_ts " +
			"username",
		Errors: "cannot_reply_to_message channel_not_found invalid_attachments invalid_blocks " +
			"invalid_blocks_format is_archived markdown_text_conflict message_limit_exceeded " +
			"messages_tab_disabled msg_too_long no_text not_in_channel restricted_action too_many_attachments " +
			"user_not_in_channel",
	},
	"chat.postMessage": {
		Tier:     special,
		Scopes:   "chat:write",
		Required: "channel",
		Optional: "as_user attachments blocks current_draft_last_updated_ts icon_emoji icon_url link_names " +
			"markdown_text metadata mrkdwn parse reply_broadcast text thread_ts unfurl_links unfurl_media " +
			"username",
		Errors: "as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message " +
			"channel_not_found draft_already_deleted draft_already_sent draft_has_conflict draft_not_found " +
			"duplicate_channel_not_found duplicate_message_not_found invalid_blocks invalid_blocks_format " +
			"invalid_metadata_format invalid_metadata_schema is_archived markdown_text_conflict " +
			"message_limit_exceeded messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large " +
			"missing_file_data msg_blocks_too_long no_text not_in_channel rate_limited restricted_action " +
			"restricted_action_non_threadable_channel restricted_action_read_only_channel " +
			"restricted_action_thread_locked restricted_action_thread_only_channel " +
			"slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked " +
			"slack_connect_lists_sharing_blocked team_not_found too_many_attachments too_many_contact_cards",
	},
	"chat.startStream": {
		Tier:     tier2,
		Scopes:   "chat:write",
		Required: "channel thread_ts",
		Optional: "chunks icon_emoji icon_url markdown_text recipient_team_id recipient_user_id task_display_mode " +
			"username",
		Errors: "channel_not_found channel_type_not_supported duplicate_channel_not_found " +
			"duplicate_message_not_found invalid_blocks invalid_blocks_format invalid_chunks " +
			"invalid_metadata_format invalid_metadata_schema is_archived message_limit_exceeded " +
			"messages_tab_disabled messaging_processing_failed metadata_must_be_sent_from_app " +
			"metadata_too_large missing_recipient_team_id missing_recipient_user_id msg_blocks_too_long " +
			"msg_blocks_too_many no_text not_in_channel rate_limited restricted_action " +
			"restricted_action_non_threadable_channel restricted_action_read_only_channel " +
			"restricted_action_thread_locked restricted_action_thread_only_channel " +
			"slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked " +
			"slack_connect_lists_sharing_blocked team_not_found user_not_found",
	},
	"chat.stopStream": {
		Tier:     tier2,
		Beside:   "session_status", // docs.slack.dev/ai/agent-sessions
		Scopes:   "chat:write",
		Required: "channel ts",
		Optional: "blocks chunks markdown_text metadata",
		Errors: "as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message " +
			"channel_not_found channel_type_not_supported duplicate_channel_not_found " +
			"duplicate_message_not_found invalid_blocks invalid_chunks invalid_metadata_format " +
			"invalid_metadata_schema is_archived message_limit_exceeded message_not_found " +
			"message_not_in_streaming_state message_not_owned_by_app messages_tab_disabled " +
			"metadata_must_be_sent_from_app metadata_too_large missing_file_data msg_blocks_too_long " +
			"msg_blocks_too_many no_text not_in_channel rate_limited restricted_action " +
			"restricted_action_non_threadable_channel restricted_action_read_only_channel " +
			"restricted_action_thread_locked restricted_action_thread_only_channel " +
			"slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked " +
			"slack_connect_lists_sharing_blocked team_not_found too_many_attachments too_many_contact_cards",
	},
	"chat.update": {
		Tier:     tier3,
		Scopes:   "chat:write",
		Required: "channel ts",
		Optional: "as_user attachments blocks file_ids link_names markdown_text metadata parse reply_broadcast text " +
			"unfurled_attachments",
		Errors: "as_user_not_supported block_mismatch blocked_file_type cant_broadcast_message " +
			"cant_update_message channel_not_found edit_window_closed external_channel_migrating file_deleted " +
			"file_is_deleted file_not_found file_share_limit_reached invalid_attachments invalid_blocks " +
			"invalid_blocks_format invalid_metadata_format invalid_metadata_schema is_inactive " +
			"markdown_text_conflict max_file_sharing_exceeded message_limit_exceeded message_not_found " +
			"metadata_must_be_sent_from_app metadata_too_large msg_too_long no_dual_broadcast_content_update " +
			"no_text posting_to_channel_denied slack_connect_blocked_file_type " +
			"slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked " +
			"slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked " +
			"streaming_state_conflict team_not_found too_many_attachments unable_to_share_files update_failed",
	},
	"conversations.history": {
		Tier:     tier3,
		Scopes:   "channels:history groups:history im:history mpim:history",
		Required: "channel",
		Optional: "cursor include_all_metadata inclusive latest limit oldest",
		Errors: "channel_is_limited_access channel_not_found invalid_cursor invalid_metadata_filter_keys " +
			"invalid_ts_latest invalid_ts_oldest not_in_channel",
	},
	"conversations.info": {
		Tier:     tier3,
		Scopes:   "channels:read groups:read im:read mpim:read",
		Required: "channel",
		Optional: "include_locale include_num_members",
		Errors:   "channel_is_limited_access channel_not_found",
	},
	"conversations.list": {
		Tier:     tier2,
		Scopes:   "channels:read groups:read im:read mpim:read",
		Optional: "cursor exclude_archived limit team_id types",
		Errors: "invalid_cursor invalid_limit invalid_types method_not_supported_for_channel_type " +
			"missing_argument",
	},
	"conversations.members": {
		Tier:     tier4,
		Scopes:   "channels:read groups:read im:read mpim:read",
		Required: "channel",
		Optional: "cursor limit",
		Errors: "channel_not_found fetch_members_failed invalid_cursor invalid_limit " +
			"method_not_supported_for_channel_type",
	},
	"conversations.open": {
		Tier:     tier3,
		Scopes:   "channels:manage groups:write im:write mpim:write",
		Optional: "channel prevent_creation return_im users",
		Errors: "channel_not_found invalid_user_combination method_not_supported_for_channel_type " +
			"not_enough_users too_many_users user_disabled user_not_found user_not_visible " +
			"users_list_not_supplied",
	},
	"conversations.replies": {
		Tier:     tier3,
		Scopes:   "channels:history groups:history im:history mpim:history",
		Required: "channel ts",
		Optional: "cursor include_all_metadata inclusive latest limit oldest",
		Errors: "channel_not_found invalid_cursor invalid_metadata_filter_keys invalid_ts_latest " +
			"invalid_ts_oldest list_record_comment_fetch_failed method_not_supported_for_channel_type " +
			"thread_not_found",
	},
	"files.completeUploadExternal": {
		Tier:     tier4,
		Scopes:   "files:write",
		Required: "files",
		Optional: "blocks channel_id channels initial_comment thread_ts",
		Errors: "channel_not_found channels_limit_exceeded file_not_found file_type_not_allowed " +
			"file_update_failed file_uploads_except_images_disabled invalid_blocks invalid_channel " +
			"not_in_channel posting_to_channel_denied",
	},
	"files.getUploadURLExternal": {
		Tier:     tier4,
		Scopes:   "files:write",
		Required: "filename length",
		Optional: "alt_txt snippet_type",
		Errors: "alt_txt_too_large file_type_not_allowed file_upload_size_restricted file_uploads_disabled " +
			"file_uploads_except_images_disabled missing_argument snippet_too_large storage_limit_reached " +
			"unknown_snippet_type unknown_subtype",
	},
	"oauth.v2.access": {
		Tier:     special,
		Optional: "client_id client_secret code code_verifier grant_type redirect_uri refresh_token",
		Errors: "bad_client_secret bad_redirect_uri cannot_install_an_org_installed_app invalid_client_id " +
			"invalid_code invalid_code_verifier invalid_grant_type invalid_refresh_token no_scopes " +
			"oauth_authorization_url_mismatch pkce_not_allowed preview_feature_not_available " +
			"user_email_unverified",
	},
	"pins.add": {
		Tier:     tier2,
		Scopes:   "pins:write",
		Required: "channel",
		Optional: "timestamp",
		Errors: "already_pinned bad_timestamp channel_not_found external_channel_migrating file_not_found " +
			"file_not_shared message_not_found no_item_specified not_in_channel not_pinnable " +
			"restricted_action too_many_pins",
	},
	"reactions.add": {
		Tier:     tier3,
		Scopes:   "reactions:write",
		Required: "channel name timestamp",
		Errors: "already_reacted bad_timestamp channel_not_found external_channel_migrating invalid_name " +
			"is_archived message_not_found no_access no_item_specified not_reactable thread_locked " +
			"too_many_emoji too_many_reactions",
	},
	"team.info": {
		Tier:     tier3,
		Scopes:   "team:read",
		Optional: "domain team",
		Errors: "enterprise_not_found fail_to_get_teams_for_restricted_user missing_user org_not_found " +
			"team_not_found team_not_on_enterprise user_not_found",
	},
	"users.info": {
		Tier:     tier4,
		Scopes:   "users:read",
		Required: "user",
		Optional: "include_locale",
		Errors:   "too_many_users user_not_found user_not_visible",
	},
	"views.open": {
		Tier:     tier4,
		Required: "view",
		Optional: "interactivity_pointer trigger_id",
		Errors:   "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large",
	},
	"views.publish": {
		Tier:     tier4,
		Required: "user_id view",
		Optional: "hash",
		Errors: "duplicate_external_id hash_conflict missing_profile_id not_enabled not_implemented " +
			"view_too_large",
	},
	"views.push": {
		Tier:     tier4,
		Required: "view",
		Optional: "interactivity_pointer trigger_id",
		Errors: "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id not_found " +
			"push_limit_reached view_too_large",
	},
	"views.update": {
		Tier:     tier4,
		Required: "view",
		Optional: "external_id hash view_id",
		Errors:   "duplicate_external_id hash_conflict not_found view_too_large",
	},
}
