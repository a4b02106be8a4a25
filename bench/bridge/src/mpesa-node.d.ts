declare module 'mpesa-node';
