package ldapattr

import "context"

// Controllers returns the URLs of all domain controllers of cfg's domain, each fit
// to be the one server of a Config: cfg.Servers when there are some, else those
// that SRV records name. It connects to none. Errors: ErrUsage, ErrUnreachable.
func Controllers(ctx context.Context, cfg Config) ([]string, error) {
	l, err := prepare(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, cfg.timeout(), errNoAnswer)
	defer cancel()
	targets, err := l.targets(ctx)
	if err != nil {
		return nil, err
	}
	var urls []string
	seen := map[string]bool{}
	for _, t := range targets {
		if !seen[t.host] || len(l.fixed) > 0 {
			urls = append(urls, t.String())
		}
		seen[t.host] = true
	}
	return urls, nil
}
