-- Spreads a store over the servers of a Citus cluster by workspace: all that one workspace is stands
-- on one of them, so that no statement of a write leaves it. Run once on the coordinator, after
-- `salesd migrate` and before the first write. A test compares it with the catalogue.

-- What is known before a workspace is, or is of none: few rows, on every server.
SELECT create_reference_table('last_backup');
SELECT create_reference_table('migrations');
SELECT create_reference_table('tokens');

-- The others, each after those that it refers to.
SELECT create_distributed_table('workspaces', 'workspace', shard_count => 256);
SELECT create_distributed_table('assignment_policies', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('calendar_versions', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('calendars', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('channels', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('campaigns', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('contacts', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('contact_blocks', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('default_calendars', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('dismissed_duplicates', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('events', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('funnel_policies', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('identity_keys', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('leads', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('activities', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('assignment_queue', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('assignments', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('former_attributes', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('handoffs', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('lead_bases', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('lead_clocks', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('lead_labels', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('leases', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('merges', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('merge_parts', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('outcomes', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('planned_activities', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('plans', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('plan_snapshots', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('projects', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('proposals', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('referrals', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('referrers', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('requests', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('requirements', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('seller_days', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('seller_loads', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('seller_turns', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('sellers', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('stances', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('tallies', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('teams', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('touches', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('turns', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('unfinished_workspaces', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('webhooks', 'workspace', colocate_with => 'workspaces');
SELECT create_distributed_table('lead_attributes', 'workspace', colocate_with => 'workspaces');
