-- What a workspace may set for itself, it sets through a feature: these columns of its own row, behind the wall that is there already
-- (the policy one_workspace of workspaces binds updates too), and no other column: plan, billing and status stay the operator's.
grant update (settings, currency, timezone, week_start, lock_date) on workspaces to stint_app;
