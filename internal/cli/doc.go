// Package cli is the counter: it takes arguments, environment and configuration,
// calls the rooms behind it, prints what they return, and turns every outcome
// into one exit code.
//
// A command is one file, cmd_<name>.go, with its help text, options, flags and
// run function in that order, and one line in the list of root.go. What commands
// share:
//
//	main.go               Main: one run of the program
//	env.go                Env: streams, environment, terminal
//	root.go               the command tree and the flags that all commands take
//	complete.go           what a shell may offer
//	manual.go             the command tree → manual pages and docs/commands
//	exit.go               outcome → exit code, error → lines on standard error
//	errorid.go            causes that have an id to search for
//	batch.go              outcome of several objects → one outcome
//	settings.go           one table: flag, variable and key of each connection setting
//	connection.go         flags over environment over file over defaults
//	configfile.go         which configuration file is in use
//	password.go           file, command, environment or prompt; never a flag
//	private.go            whether a password file is closed to others
//	words.go              a command line without a shell
//	terminal*.go          reading a password without echo
//	directory.go          settings → an open directory
//	delegation.go         access control entries in the languages of administrators
//	delegation_check.go   what the account in use may write
//	delegation_apply.go   the same entries put into the permissions of an OU
//	script.go             the old script's errors, names of servers and users
//	policy.go             which homes the configuration in use admits
//	names.go              user names from arguments and standard input
//	forms.go              flags of the commands that print records
//	lookups.go            names → users, many at a time
//	replicas.go           what each domain controller has
//	replicaforest.go      the same of users of other domains
//	users.go              users as records of output
//	changes.go            changes as records of output
//	bulk.go               a plan carried out: consent, journal, results, what is left
//	input.go              a list or a rule → a plan
//	rejects.go            what could not be taken or changed, ready to be tried again
//	confirm.go            how many users may be changed just so; the question
//	journal.go            where the journal is; what a killed run has left open
//	permissions.go        permissions changed: consent, journal, results, undo
//	recorded.go           what the journal says of a run, as records of output
//	rewrite.go            files that are written whole or not at all
//	audit_run.go          flags → an audit, and its verdict
//	audit_visit.go        how an audit gets to file servers
//	audit_settings.go     what the rules know of configuration and forest
//	audit_print.go        findings as records of output, documents, and a summary
//	audit_fixes.go        findings → a plan
//	audit_watch.go        what comes and goes, for as long as it is watched
//	audit_since.go        what was known the time before
//	share_access.go       which file servers the program goes to, and as whom
//	shares_walk.go        one home, step by step
//	shares_survey.go      many homes at once
//	shares_records.go     homes, shares and servers as records of output
//	explain_site.go       a login explained: what the service would have
//	explain_print.go      its steps as records of output, their exit codes and advice
//	doctor.go             what everything stands on, check by check
//	doctor_directory.go   the checks of configuration and directory
//	doctor_site.go        those of file servers and of the site
//	folders.go            home directories made, repaired, removed: consent, journal, results
//	folders_print.go      the same as records of output, and their exit codes
//	create_dir.go         the directory that set makes first
//	value_flag.go         flags whose values other rooms read
//	share_outcome.go      where a walk to a home ended → exit code and advice
//	progress.go           a sign of life for whoever waits
//	plural.go             one home, two homes
//	trace.go              each request to the directory, shown
//	colors*.go            whether a terminal gets colours
//	console_*.go          the code page of a Windows console
//	cores_*.go            no memory image when it crashes
//	pipe_*.go             a reader who leaves is no reason to die
//	cores_*.go            no image of a service that dies is left on disk
//	service.go            one FTP site put together, run and ended
//	service_config.go     IIS's vocabulary → the engine's
//	service_directory.go  as whom a site reads the directory; --check-config
//	service_tls.go        its certificate, policies and doors
//	service_rules.go      who may connect, log in, read and write
//	service_orders.go     reload and log roll, while it runs
//	signals_*.go          what orders them
//	notify.go             how systemd is told
//	monotonic_*.go        the time that it wants
//	printconfig.go        the configuration in force, without secrets
//	demo_lines.go         what the demo prints to paste
package cli
