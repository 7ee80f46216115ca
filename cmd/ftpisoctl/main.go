// Command ftpisoctl manages and serves FTP user isolation by Active Directory.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

func main() { os.Exit(run()) }

func run() int {
	defer cli.Console()()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	return cli.Main(ctx, cli.System(), cli.Arguments(os.Args))
}
