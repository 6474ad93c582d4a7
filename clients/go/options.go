package libsales

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// Option is a setting of [Connect] and [Client.At].
type Option func(*options)

type options struct {
	workspace, actor  string
	timeout           time.Duration
	tls               bool
	caFile            string
	certFile, keyFile string
	tokenFile         string
}

// WithWorkspace names the workspace that calls are about, by its id.
func WithWorkspace(id string) Option { return func(o *options) { o.workspace = id } }

// WithActor names who calls, by the id that is kept in events.
func WithActor(id string) Option { return func(o *options) { o.actor = id } }

// WithTimeout is the deadline of a call, retries included, where its context has none; 10 seconds
// unless said otherwise, and 0 for none. Imports and watches go on for as long as their context.
func WithTimeout(timeout time.Duration) Option { return func(o *options) { o.timeout = timeout } }

// WithTLS encrypts the connection, and trusts the authorities that the system trusts.
func WithTLS() Option { return func(o *options) { o.tls = true } }

// WithCAFile encrypts the connection, and trusts the authorities of a PEM file instead of the
// system's.
func WithCAFile(path string) Option {
	return func(o *options) { o.tls, o.caFile = true, path }
}

// WithClientCertificate encrypts the connection, and shows the server a certificate: two PEM files,
// read anew for each connection.
func WithClientCertificate(certFile, keyFile string) Option {
	return func(o *options) { o.tls, o.certFile, o.keyFile = true, certFile, keyFile }
}

// WithTokenFile sends the token in a file with every call; the file is read again when it changes.
// Without TLS a token is sent to this machine only.
func WithTokenFile(path string) Option { return func(o *options) { o.tokenFile = path } }

func (o *options) parent() string {
	if o.workspace == "" {
		return ""
	}
	return "workspaces/" + o.workspace
}

// security gives the options of gRPC that encrypt the connection and say who calls.
func (o *options) security(target string) ([]grpc.DialOption, error) {
	transport := insecure.NewCredentials()
	if o.tls {
		config, err := o.tlsConfig()
		if err != nil {
			return nil, err
		}
		transport = credentials.NewTLS(config)
	}
	result := []grpc.DialOption{grpc.WithTransportCredentials(transport)}
	if o.tokenFile != "" {
		if !o.tls && !isLocal(target) {
			return nil, fmt.Errorf(
				"libsales: a token is not sent to %s unencrypted; add WithTLS or WithCAFile", target)
		}
		token := &tokenFile{path: o.tokenFile}
		if _, err := token.read(); err != nil {
			return nil, err
		}
		result = append(result, grpc.WithPerRPCCredentials(token))
	}
	return result, nil
}

func (o *options) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.caFile != "" {
		text, err := os.ReadFile(o.caFile)
		if err != nil {
			return nil, fmt.Errorf("libsales: authorities: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("libsales: %s has no certificate in PEM form", o.caFile)
		}
	}
	if o.certFile == "" && o.keyFile == "" {
		return config, nil
	}
	if o.certFile == "" || o.keyFile == "" {
		return nil, errors.New("libsales: a client certificate needs its file and that of its key")
	}
	load := func() (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(o.certFile, o.keyFile)
		if err != nil {
			return nil, fmt.Errorf("libsales: client certificate: %w", err)
		}
		return &pair, nil
	}
	if _, err := load(); err != nil {
		return nil, err
	}
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		return load()
	}
	return config, nil
}

// isLocal tells whether a target is on this machine.
func isLocal(target string) bool {
	if strings.HasPrefix(target, "unix:") || strings.HasPrefix(target, "unix-abstract:") {
		return true
	}
	address := target[strings.LastIndex(target, "/")+1:]
	for _, scheme := range []string{"dns:", "ipv4:", "ipv6:", "passthrough:"} {
		address = strings.TrimPrefix(address, scheme)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
