"""What stands between a visitor and the portal: the proxy's file, the web server's settings, and limits on slow senders (decision 29)."""
